/** API keys that came with a backup, from when it was brought until it goes: sealed to this browser. */
import type { KvError } from '#core/errors.ts';
import type { Write } from '#core/ports.ts';
import type { SealedKey } from '#core/restores.ts';
import { ok, type Result } from '#core/result.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { metaFamily } from '#store/schema/meta-family.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';

const { keyOf, asRow: asBrought, all } = metaFamily('brought-keys/');

type WithKv = Pick<StoreContext, 'kv'>;

export async function readBroughtKeys({ kv }: WithKv, backup: string): Promise<Result<readonly SealedKey[], KvError>> {
  const found = await kv.read({ row: { get: 'meta', key: keyOf(backup) } });
  return found.ok ? ok(asBrought(found.value.row)?.keys ?? []) : found;
}

/** Those of a backup, in place of what was kept with it before; where none came, what was kept stays. Those of none that is among `backups` go. */
export async function keepBroughtKeys(
  { kv }: WithKv,
  backup: string,
  keys: readonly SealedKey[],
  backups: readonly string[],
): Promise<Result<void, KvError>> {
  return kv.transact({ rows: { ...all, limit: 1000 } }, ({ rows }) => ({
    writes: [
      ...goneOf(rows, [backup, ...backups]),
      ...(keys.length > 0 ? [{ put: 'meta', row: { key: keyOf(backup), keys } } as const] : []),
    ],
    value: undefined,
  }));
}

/** Those of none that is among `backups` go. */
export const forgetBroughtKeys = ({ kv }: WithKv, backups: readonly string[]): Promise<Result<void, KvError>> =>
  kv.transact({ rows: { ...all, limit: 1000 } }, ({ rows }) => ({ writes: goneOf(rows, backups), value: undefined }));

function goneOf(rows: readonly { readonly key: string }[], backups: readonly string[]): readonly Write<WorkspaceTables>[] {
  const kept = new Set(backups.map((id): string => keyOf(id)));
  return rows.filter(({ key }) => !kept.has(key)).map(({ key }) => ({ delete: 'meta', key }) as const);
}
