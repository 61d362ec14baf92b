/** API keys that came with a backup, from when it was brought until it goes: sealed to this browser. */
import type { KvError } from '#core/errors.ts';
import type { SealedKey } from '#core/restores.ts';
import { ok, type Result } from '#core/result.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { metaFamily } from '#store/schema/meta-family.ts';

const { keyOf, asRow: asBrought, all } = metaFamily('brought-keys/');

type WithKv = Pick<StoreContext, 'kv'>;

export async function readBroughtKeys({ kv }: WithKv, backup: string): Promise<Result<readonly SealedKey[], KvError>> {
  const found = await kv.read({ row: { get: 'meta', key: keyOf(backup) } });
  return found.ok ? ok(asBrought(found.value.row)?.keys ?? []) : found;
}

/** Those of a backup, in place of what was kept with it before; and of none that is not among `backups`. */
export async function keepBroughtKeys(
  { kv }: WithKv,
  backup: string,
  keys: readonly SealedKey[],
  backups: readonly string[],
): Promise<Result<void, KvError>> {
  return kv.transact({ rows: { ...all, limit: 1000 } }, ({ rows }) => {
    const kept = new Set(backups.map((id): string => keyOf(id)));
    const gone = rows.filter(({ key }) => key === keyOf(backup) || !kept.has(key));
    return {
      writes: [
        ...gone.map(({ key }) => ({ delete: 'meta', key }) as const),
        ...(keys.length > 0 ? [{ put: 'meta', row: { key: keyOf(backup), keys } } as const] : []),
      ],
      value: undefined,
    };
  });
}
