/**
 * The root of the llm worker: the only context that reaches other hosts. It is served with a policy of its own, reads
 * endpoint and key by itself, and streams what the model says over the port of each answer.
 */
import { expose } from 'comlink';
import { type Fields, readFields } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { deviceSettings } from '#entities/device-settings.ts';
import { PROVIDER_SECRET_ID, secret } from '#entities/secret.ts';
import type { AnswerNews, LlmWorkerApi } from '#features/chat/llm-api.ts';
import { createModelServer } from '#features/chat/model-server.ts';
import { createProvider } from '#features/chat/provider.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { openById } from '#store/open-by-id.ts';
import { openBoxKey } from './box-key.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };

const models = createModelServer({
  fetch: (url, init) => fetch(url, init),
  clock: systemClock,
  isOnline: () => navigator.onLine,
  pageOrigin: location.origin,
});

async function open(workspaceId: string) {
  const workspace = await openById(ports, workspaceId);
  if (!workspace.ok) return workspace;
  const { store, row } = workspace.value;
  const save = async (kind: string, id: string, patch: Fields): Promise<Result<void, StoreError>> => {
    const before = await store.get(kind, id);
    if (!before.ok) return before;
    const base = before.value?.fields ?? {};
    const saveId = mintId(systemClock.now(), systemRandom);
    const saved = await store.save({ kind, id, patch, base, baseSeq: before.value?.localSeq ?? 0, saveId });
    return saved.ok ? ok(undefined) : saved;
  };
  const provider = createProvider({
    async readEndpoint() {
      const settings = await store.get('device-settings', row.deviceId);
      return settings.ok ? ok(readFields(deviceSettings, settings.value?.fields ?? {}).endpoint) : settings;
    },
    async readSecret() {
      const found = await store.get('secret', PROVIDER_SECRET_ID);
      if (!found.ok) return found;
      const { origin, box } = readFields(secret, found.value?.fields ?? {});
      return ok({ origin, box });
    },
    writeSecret: ({ origin, box }) => save('secret', PROVIDER_SECRET_ID, { origin, box }),
    async readForm() {
      const settings = await store.get('device-settings', row.deviceId);
      return readFields(deviceSettings, (settings.ok && settings.value?.fields) || {}).requestForm;
    },
    async writeForm(requestForm) {
      await save('device-settings', row.deviceId, { requestForm });
    },
    boxKey: async () => (isSecureContext ? openBoxKey() : err({ type: 'NeedsHttps' })),
  });
  return ok(provider);
}

let opening: ReturnType<typeof open> | null = null;
/** The provider of the opened workspace. A call that comes before `open` is answered as a lost connection. */
const provider = async () => opening ?? err({ type: 'ConnectionLost', reason: 'the workspace has not been opened' } as const);

const api: LlmWorkerApi = {
  async open(workspaceId) {
    opening ??= open(workspaceId);
    const opened = await opening;
    if (opened.ok) return ok(undefined);
    opening = null;
    return opened;
  },
  async ask(request, port) {
    const stop = new AbortController();
    port.onmessage = () => stop.abort();
    const tell = (news: AnswerNews): void => port.postMessage(news);
    try {
      const opened = await provider();
      const access = opened.ok ? await opened.value.access(request.model) : opened;
      const result = access.ok
        ? await models.ask(access.value, request, (delta) => tell({ type: 'delta', delta }), stop.signal)
        : access;
      tell({ type: 'end', result });
    } catch (error) {
      tell({ type: 'end', result: err({ type: 'AskFailed', reason: String(error) }) });
    }
  },
  async picture(address) {
    const opened = await provider();
    const access = opened.ok ? await opened.value.access() : opened;
    return access.ok ? models.picture(access.value, address) : null;
  },
  async takesPictures(model) {
    const opened = await provider();
    return opened.ok ? opened.value.takesPictures(model) : true;
  },
  async trySight(model) {
    const opened = await provider();
    if (opened.ok) await opened.value.trySight(model);
  },
  async listModels() {
    const opened = await provider();
    const access = opened.ok ? await opened.value.access() : opened;
    return access.ok ? models.listModels(access.value) : access;
  },
  async setKey(key) {
    const opened = await provider();
    return opened.ok ? opened.value.setKey(key) : opened;
  },
  async forgetKey() {
    const opened = await provider();
    return opened.ok ? opened.value.forgetKey() : opened;
  },
};

expose(Object.freeze(api));
