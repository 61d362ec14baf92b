/** The mark of a workspace's own database: a registered database without it was lost, and is filled from the second copy. */
import type { KvError } from '#core/errors.ts';
import type { Clock, Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { asMarker, MARKER } from '#store/schema/context.ts';
import type { MetaRow, Recovered } from '#store/schema/meta-rows.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';

/** Puts back what the second copy holds. Gives how many entities, or null where there is no copy of them. */
type RecoverUnsent = (kv: Kv<WorkspaceTables>, workspaceId: string) => Promise<Result<number | null, KvError>>;

/** Rare: its code comes when a database was lost. */
const fromDisks: RecoverUnsent = async (kv, workspaceId) => {
  const [{ recoverUnsent }, { openCopyDisks }] = await Promise.all([
    import('#store/second-copy/recover.ts'),
    import('#store/second-copy/disks.ts'),
  ]);
  return recoverUnsent(await openCopyDisks(), kv, workspaceId);
};

/** What there is to tell of a recovery; null where there is nothing, or the person has put it away. */
export async function readRecovered(kv: Kv<WorkspaceTables>): Promise<Result<Recovered | null, KvError>> {
  const found = await kv.read({ marker: MARKER });
  return found.ok ? ok(asMarker(found.value.marker)?.recovered ?? null) : found;
}

/** Whether the person has yet to say how to go on after a start without anything. */
export const isUndecided = (row: MetaRow | undefined): boolean => asMarker(row)?.undecided === true;

/** The person has said how to go on: from now on this device syncs. */
export function decideStart(kv: Kv<WorkspaceTables>): Promise<Result<void, KvError>> {
  return kv.transact({ marker: MARKER }, ({ marker }) => {
    const { undecided: _, ...row } = asMarker(marker) ?? { key: 'marker', madeAt: 0, recovered: null };
    return { writes: marker ? [{ put: 'meta', row }] : [], value: undefined };
  });
}

/** The person has read what was recovered. */
export function forgetRecovered(kv: Kv<WorkspaceTables>): Promise<Result<void, KvError>> {
  return kv.transact({ marker: MARKER }, ({ marker }) => {
    const row = asMarker(marker);
    return { writes: row ? [{ put: 'meta', row: { ...row, recovered: null } }] : [], value: undefined };
  });
}

/**
 * Marks the database. One that was marked before and is not now was lost: what the second copy holds of it comes back
 * first. Killed half-way, the next context does it again. `recovered` is what to tell where the account was just
 * recovered; `undecided`: nothing was found where there was work before. Gives whether the database needed its mark.
 */
export async function markDatabase(
  kv: Kv<WorkspaceTables>,
  row: Pick<WorkspaceRow, 'id' | 'marked'>,
  clock: Pick<Clock, 'now'>,
  recovered: Recovered | null = null,
  recoverUnsent: RecoverUnsent = fromDisks,
  undecided = false,
): Promise<Result<boolean, KvError>> {
  const found = await kv.read({ marker: MARKER });
  if (!found.ok) return found;
  if (asMarker(found.value.marker)) return ok(false);
  let notice = recovered;
  if (row.marked === true) {
    const unsent = await recoverUnsent(kv, row.id);
    if (!unsent.ok) return unsent;
    notice = { at: clock.now(), from: recovered?.from ?? 'copy', unsent: unsent.value };
  }
  return kv.transact({ marker: MARKER }, ({ marker }) => ({
    writes: asMarker(marker)
      ? []
      : [{ put: 'meta', row: { key: 'marker', madeAt: clock.now(), recovered: notice, ...(undecided && { undecided }) } }],
    value: true,
  }));
}
