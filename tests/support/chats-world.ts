/** The chats' service over a real store in memory and a real model server, on a clock and a network that a test holds. */

import type { App } from '#app/app.ts';
import { createChats, type OpenChats } from '#app/chat/create-chats.ts';
import type { LlmClient } from '#app/chat/llm-client.ts';
import { createFiles } from '#app/create-files.ts';
import type { Files } from '#app/files.ts';
import type { Pictures } from '#app/pictures/pictures.ts';
import { createSessions, type Sessions } from '#app/sessions.ts';
import { typedReads, typedSessions } from '#app/typed-views.ts';
import { mintId } from '#core/ids.ts';
import type { Json } from '#core/json.ts';
import type { Locks, Random } from '#core/ports.ts';
import { err, ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { SETTINGS_ID } from '#entities/settings.ts';
import { type ChatMessage, readMessage } from '#features/chat/chat-message.ts';
import { parseEndpoint } from '#features/chat/endpoint.ts';
import { type Access, createModelServer } from '#features/chat/model-server.ts';
import { formToKeep, readForm } from '#features/chat/request-form.ts';
import { asFile, typeOfHead } from '#features/pictures/as-file.ts';
import { createBlobCalls } from '#store/calls/blob-calls.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { workspaceSchema } from '#store/schema/schema.ts';
import { openBlobWorld } from './blob-world.ts';

const DEVICE = '0198c0de-0000-7000-8000-00000000d001';
export const CHAT = '0198c0de-0000-7000-8000-00000000b001';

export interface ChatsWorld {
  /** `listModels`: in place of the client's own. A tab: two of them share the store and the locks. */
  openTab(listModels?: LlmClient['listModels']): OpenChats & Pick<Sessions, 'saveState'>;
  /** The files of this device. */
  readonly files: Files;
  readonly network: { online: boolean };
  /** How far the clock of the device is ahead, in ms. */
  readonly skew: { ms: number };
  /** Whether tabs learn of commits. */
  readonly news: { heard: boolean };
  /** So many of the next reads and changes of one entity find no worker. */
  readonly worker: { lost: number };
  /** Runs the timers that are due within so many ms. */
  readonly timers: { readonly ms: number; readonly fire: () => void }[];
  messages(): Promise<readonly ChatMessage[]>;
  waiting(): Promise<unknown>;
  /** Deletes the chat permanently. Gives how many there were: one or none. */
  purgeChat(): Promise<number>;
  /** Moves the chat to the bin, or back. */
  binChat(isBinned: boolean): Promise<void>;
  /** Resolves when no prompt is being asked. */
  idle(): Promise<void>;
}

export function createChatsWorld(endpoint: string): ChatsWorld {
  const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)), fraction: () => 0.5 };
  const network = { online: true };
  const skew = { ms: 0 };
  const news = { heard: true };
  const worker = { lost: 0 };
  const isLost = (): boolean => worker.lost > 0 && worker.lost-- > 0;
  const lost = err({ type: 'WorkerLost', reason: 'the worker is silent' } as const);
  const timers: { readonly ms: number; readonly fire: () => void }[] = [];
  const clock = {
    now: () => Date.now() + skew.ms,
    setTimer(ms: number, fire: () => void) {
      const timer = { ms, fire };
      timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
  };
  const store = createStore({
    kv: createMemoryKv(workspaceSchema),
    clock,
    random,
    ledger,
    workspaceId: mintId(0, random),
    deviceId: DEVICE,
    channel: { post: ({ keys }) => void [...listeners].map((listener) => news.heard && listener(keys)) },
    policy: () => 'newer',
  });
  const { blobs } = openBlobWorld();
  const calls = createBlobCalls(blobs, async () => err({ type: 'BlobMissing' }));
  // Nothing is decoded outside a browser: a file is what its content says.
  const pictures: Pictures = {
    prepare: async (file) => {
      if (file.size === 0) return err({ type: 'FileEmpty' });
      return ok(asFile(file, await typeOfHead(file), file instanceof File ? file.name : ''));
    },
  };
  const files = createFiles(
    calls,
    { get: typedReads(store).get, settingsId: SETTINGS_ID, deviceId: DEVICE },
    async () => pictures,
  );
  const mint = (): string => mintId(clock.now(), random);
  const locks = createLocks();
  const listeners = new Set<Parameters<App['onChange']>[0]>();

  function openTab(listModels?: LlmClient['listModels']): OpenChats & Pick<Sessions, 'saveState'> {
    const sessions = createSessions({
      save: (request) => store.save(request),
      get: (kind, id) => store.get(kind, id),
      mintId: mint,
      clock,
      clearJournal: () => {},
    });
    const app: Pick<App, 'create' | 'get' | 'list' | 'patch' | 'onChange' | 'deviceId' | 'settingsId'> = {
      ...typedSessions(sessions, mint),
      ...typedReads({ ...store, get: async (kind, id) => (isLost() ? lost : store.get(kind, id)) }),
      async patch(kind, id, patch, by) {
        if (isLost()) return lost;
        const found = await store.get(kind, id);
        if (!found.ok) return found;
        const was = found.value?.fields ?? {};
        const machine = by === 'machine' && ({ machine: true } as const);
        const builtOn = found.value?.localSeq ?? 0;
        const saved = await store.save({ kind, id, patch, base: was, baseSeq: builtOn, saveId: mint(), ...machine });
        return saved.ok ? ok({ previous: was }) : saved;
      },
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      deviceId: DEVICE,
      settingsId: SETTINGS_ID,
    };
    const isOnline = (): boolean => network.online;
    const chats = createChats({
      app,
      files,
      llm: { ...createLlm(), ...(listModels && { listModels }) },
      locks,
      clock,
      random,
      isOnline,
      isHeld: locks.isHeld,
    });
    return Object.assign(chats, { saveState: sessions.saveState });
  }

  function createLlm(): LlmClient {
    const parsed = parseEndpoint(endpoint);
    if (!parsed.ok) throw new Error(`not an endpoint: ${endpoint}`);
    let kept: Json = null;
    const { base } = parsed.value;
    const access = (model = ''): Access => ({
      endpoint: parsed.value,
      key: null,
      form: readForm(kept, base, model),
      keepForm: async (form) => {
        kept = formToKeep(base, model, form, kept);
      },
    });
    const models = createModelServer({
      fetch: (url, init) => (network.online ? fetch(url, init) : Promise.reject(new TypeError('offline'))),
      clock,
      isOnline: () => network.online,
      pageOrigin: 'http://localhost',
    });
    return {
      ask: (request, onDelta, signal) => models.ask(access(request.model), request, onDelta, signal),
      takesPictures: async (model) => !access(model).form.includes('pictures'),
      trySight: (model) => access(model).keepForm(access(model).form.filter((option) => option !== 'pictures')),
      picture: (address) => models.picture(access(), address),
      listModels: () => models.listModels(access()),
      setKey: async () => ok({ origin: parsed.value.origin }),
      forgetKey: async () => ok(undefined),
    };
  }

  return {
    openTab,
    files,
    network,
    skew,
    news,
    worker,
    timers,
    async messages() {
      const page = await store.list({ kind: 'message', parent: CHAT, limit: 100 });
      return page.ok ? page.value.items.map(({ id, fields }) => readMessage(id, fields)) : [];
    },
    async waiting() {
      const desk = await store.get('chat-desk', DEVICE);
      return desk.ok ? (desk.value?.fields['waiting'] ?? []) : 'unread';
    },
    async purgeChat() {
      const purged = await store.purge('chat', [CHAT]);
      return purged.ok ? purged.value : Number.NaN;
    },
    async binChat(isBinned) {
      const patch = { binnedAt: isBinned ? clock.now() : null };
      await store.save({ kind: 'chat', id: CHAT, patch, base: {}, baseSeq: 0, saveId: mint() });
    },
    idle: locks.idle,
  };
}

/** Locks as the browser's: one holder, and with `ifAvailable` nobody waits. */
function createLocks(): Locks & { idle(): Promise<void>; isHeld(name: string): Promise<boolean> } {
  const held = new Map<string, Promise<unknown>>();
  return {
    isHeld: async (name) => held.has(name),
    async idle() {
      while (held.size > 0) await Promise.allSettled(held.values());
    },
    async hold(name, body, { ifAvailable = false } = {}) {
      if (held.has(name) && ifAvailable) return undefined;
      while (held.has(name)) await held.get(name);
      const run = body().finally(() => held.delete(name));
      held.set(name, run);
      return run;
    },
  };
}
