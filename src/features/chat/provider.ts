import type { StoreError } from '#core/errors.ts';
import type { Json } from '#core/json.ts';
import { err, ok, type Result } from '#core/result.ts';
import { openSecret, sealSecret } from '#crypto/secret-box.ts';
import type { ChatError } from './chat-error.ts';
import { parseEndpoint } from './endpoint.ts';
import { cleanKey } from './key-text.ts';
import type { Access } from './model-server.ts';
import { formToKeep, type RequestForm, readForm } from './request-form.ts';

export interface StoredSecret {
  readonly origin: string;
  readonly box: string;
}

/** The worker's own view of the settings, and of the box. */
export interface ProviderPorts {
  /** As typed; empty where nothing is set. */
  readEndpoint(): Promise<Result<string, StoreError>>;
  readSecret(): Promise<Result<StoredSecret, StoreError>>;
  writeSecret(secret: StoredSecret): Promise<Result<void, StoreError>>;
  /** What is known of the request that the server takes (`request-form.ts`); null where nothing is. */
  readForm(): Promise<Json>;
  writeForm(form: Json): Promise<void>;
  boxKey(): Promise<Result<CryptoKey, StoreError | { readonly type: 'NeedsHttps' }>>;
}

export interface Provider {
  /** The endpoint with its key, for asking `model`. Without a key where none is set; an error where the key is another origin's. */
  access(model?: string): Promise<Result<Access, ChatError>>;
  /** False where this model is known to refuse pictures. */
  takesPictures(model: string): Promise<boolean>;
  /** Forgets that it refuses them. */
  trySight(model: string): Promise<void>;
  /** Cleans what was pasted, and keeps it for the address of the settings; refuses what no request can carry. */
  setKey(key: string): Promise<Result<{ readonly origin: string }, ChatError>>;
  forgetKey(): Promise<Result<void, ChatError>>;
}

export function createProvider(ports: ProviderPorts): Provider {
  const { readEndpoint, readSecret, writeSecret, boxKey } = ports;
  const endpointNow = async () => {
    const typed = await readEndpoint();
    return typed.ok ? parseEndpoint(typed.value) : typed;
  };

  return {
    async access(model = '') {
      const endpoint = await endpointNow();
      if (!endpoint.ok) return endpoint;
      const stored = await readSecret();
      if (!stored.ok) return stored;
      const { base, origin } = endpoint.value;
      const rest = {
        endpoint: endpoint.value,
        form: readForm(await ports.readForm(), base, model),
        keepForm: async (form: RequestForm) => ports.writeForm(formToKeep(base, model, form, await ports.readForm())),
      };
      if (stored.value.box === '') return ok({ ...rest, key: null });
      const opener = await boxKey();
      if (!opener.ok) return opener;
      const opened = await openSecret(opener.value, stored.value.box, origin);
      // One that was kept as it was pasted is cleaned now.
      const key = opened.ok ? cleanKey(opened.value) : opened;
      return key.ok ? ok({ ...rest, key: key.value }) : key;
    },
    async takesPictures(model) {
      const endpoint = await endpointNow();
      return !endpoint.ok || !readForm(await ports.readForm(), endpoint.value.base, model).includes('pictures');
    },
    async trySight(model) {
      const endpoint = await endpointNow();
      if (!endpoint.ok) return;
      const { base } = endpoint.value;
      const kept = await ports.readForm();
      const form = readForm(kept, base, model).filter((option) => option !== 'pictures');
      await ports.writeForm(formToKeep(base, model, form, kept));
    },
    async setKey(pasted) {
      const key = cleanKey(pasted);
      if (!key.ok) return key;
      const endpoint = await endpointNow();
      if (!endpoint.ok) return endpoint;
      const opener = await boxKey();
      if (!opener.ok) return opener;
      const { origin } = endpoint.value;
      const box = await sealSecret(opener.value, key.value, origin);
      const written = await writeSecret({ origin, box });
      return written.ok ? ok({ origin }) : err(written.error);
    },
    forgetKey: () => writeSecret({ origin: '', box: '' }),
  };
}
