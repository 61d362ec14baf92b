import type { StoreError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { openSecret, sealSecret } from '#crypto/secret-box.ts';
import type { ChatError } from './chat-error.ts';
import { parseEndpoint } from './endpoint.ts';
import type { Access } from './model-server.ts';

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
  boxKey(): Promise<Result<CryptoKey, StoreError | { readonly type: 'NeedsHttps' }>>;
}

export interface Provider {
  /** The endpoint with its key. Without a key where none is set; an error where the key is another origin's. */
  access(): Promise<Result<Access, ChatError>>;
  setKey(key: string): Promise<Result<{ readonly origin: string }, ChatError>>;
  forgetKey(): Promise<Result<void, ChatError>>;
}

export function createProvider({ readEndpoint, readSecret, writeSecret, boxKey }: ProviderPorts): Provider {
  const endpointNow = async () => {
    const typed = await readEndpoint();
    return typed.ok ? parseEndpoint(typed.value) : typed;
  };

  return {
    async access() {
      const endpoint = await endpointNow();
      if (!endpoint.ok) return endpoint;
      const stored = await readSecret();
      if (!stored.ok) return stored;
      if (stored.value.box === '') return ok({ endpoint: endpoint.value, key: null });
      const opener = await boxKey();
      if (!opener.ok) return opener;
      const key = await openSecret(opener.value, stored.value.box, endpoint.value.origin);
      return key.ok ? ok({ endpoint: endpoint.value, key: key.value }) : key;
    },
    async setKey(key) {
      const endpoint = await endpointNow();
      if (!endpoint.ok) return endpoint;
      const opener = await boxKey();
      if (!opener.ok) return opener;
      const { origin } = endpoint.value;
      const box = await sealSecret(opener.value, key, origin);
      const written = await writeSecret({ origin, box });
      return written.ok ? ok({ origin }) : err(written.error);
    },
    forgetKey: () => writeSecret({ origin: '', box: '' }),
  };
}
