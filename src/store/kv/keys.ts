/**
 * The CryptoKeys of this browser: non-extractable, so that IndexedDB holds only a handle that the browser opens. In a
 * database of its own, beside the workspaces, because what is encrypted must not lie with its key in one export.
 */
import type { KvError } from '#core/errors.ts';
import type { KvSchema } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { openKv } from './db.ts';

const KEYS_NAME = 'holdfast-keys';
const KEYS_VERSION = 1;

interface KeyRow {
  readonly name: string;
  readonly key: CryptoKey;
}
type KeysTables = { readonly keys: KeyRow };

const keysSchema: KvSchema<KeysTables> = { stores: { keys: { key: 'name', indexes: {} } } };

/** The key of that name; made and kept where there is none. Two contexts that ask at once agree on one. */
export async function openCryptoKey(name: string, make: () => Promise<CryptoKey>): Promise<Result<CryptoKey, KvError>> {
  const opened = await openKv<KeysTables>(KEYS_NAME, KEYS_VERSION, keysSchema);
  if (!opened.ok) return opened;
  const kv = opened.value;
  try {
    const found = await kv.read({ row: { get: 'keys', key: name } });
    if (!found.ok) return found;
    if (found.value.row) return ok(found.value.row.key);
    const key = await make();
    return await kv.transact({ row: { get: 'keys', key: name } }, ({ row }) =>
      row ? { writes: [], value: row.key } : { writes: [{ put: 'keys', row: { name, key } }], value: key },
    );
  } finally {
    kv.close();
  }
}
