/**
 * A database in which a restore is tried. No registry names it, so nobody opens, lists, syncs or backs it up; `deleteScratch` removes it.
 */
import type { KeyPair } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import type { LiveRow } from '#core/restoring.ts';
import { ok, type Result } from '#core/result.ts';
import { openKv } from '#store/kv/db.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { withEffectiveRows } from '#store/schema/effective-rows.ts';
import { WORKSPACE_VERSION, type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { presentOf } from './apply-restore.ts';

export const scratchName = (workspaceId: string): string => `holdfast-scratch-${workspaceId}`;

/** Opens it, for a device of that id. Its commits do not wait for the disk: it is thrown away in any case. */
export async function openScratch(
  given: Pick<StoreContext, 'clock' | 'random' | 'ledger' | 'workspaceId' | 'deviceId'>,
): Promise<Result<{ readonly context: StoreContext; readonly close: () => void }, KvError>> {
  const opened = await openKv<WorkspaceTables>(scratchName(given.workspaceId), WORKSPACE_VERSION, workspaceSchema);
  if (!opened.ok) return opened;
  const { clock, random, ledger, workspaceId, deviceId } = given;
  const kv: Kv<WorkspaceTables> = { ...opened.value, transact: (read, body) => opened.value.transact(read, body, 'relaxed') };
  const about = { clock, random, ledger, workspaceId, deviceId };
  const context: StoreContext = { ...about, kv, channel: { post: () => {} }, policy: () => 'newer' };
  return ok({ context, close: () => opened.value.close() });
}

/** These as a restore compares records with them; unchanged are those whose last change was at `localSeq` or before it. */
export async function readLive(
  { kv, ledger }: Pick<StoreContext, 'kv' | 'ledger'>,
  keys: readonly KeyPair[],
  localSeq: number,
): Promise<Result<readonly (LiveRow | null)[], KvError>> {
  const found = await withEffectiveRows(kv).read({ rows: { getMany: 'entities', keys } });
  if (!found.ok) return found;
  return ok(
    found.value.rows.map((row) => (row ? { ...presentOf({ ledger }, row), isUnchanged: row.localSeq <= localSeq } : null)),
  );
}
