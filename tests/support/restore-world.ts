/** Backups, restores and undos of a device, without the place in which backups lie. */
import { type BackupRecord, toRecord } from '#backup/format/record.ts';
import { restoreItem } from '#backup/restore/restore-items.ts';
import type { RestoreWay } from '#core/restores.ts';
import { applyRestore, finishRestore } from '#store/restore/apply-restore.ts';
import { undoBatch } from '#store/restore/undo-restore.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { PURGED } from '#store/schema/schema.ts';
import { mint, must } from './memory-workspace.ts';
import type { Device } from './restored-world.ts';

export const decided = { backup: mint(), madeAt: 0, choice: { way: 'merge', skipNewer: false, only: null } } as const;

/** What a backup made now holds. */
export async function backUp({ context }: Device): Promise<readonly BackupRecord[]> {
  const { rows } = must(await context.kv.read({ rows: { list: 'entities', limit: 1000 } }));
  return rows.flatMap(
    ({ place, ...row }) =>
      toRecord({ ...row, deleted: place === PURGED }, context.ledger.get(row.kind), { withSecrets: false }) ?? [],
  );
}

export const itemsFor = (
  { ledger, deviceId }: StoreContext,
  records: readonly BackupRecord[],
  way: RestoreWay,
  skipNewer = false,
) => records.map((record) => restoreItem({ record, copyOf: null }, { ledger, deviceId, wayOf: () => way, skipNewer }));

export async function restore(
  { context }: Device,
  records: readonly BackupRecord[],
  way: RestoreWay = 'merge',
  batch = 2,
): Promise<string> {
  const id = mint();
  const items = itemsFor(context, records, way);
  for (let from = 0; from < items.length; from += batch)
    must(await applyRestore(context, { id, ...decided }, from, items.slice(from, from + batch)));
  must(await finishRestore(context, id));
  return id;
}

export async function undo({ context }: Device, id: string) {
  for (;;) {
    const row = must(await undoBatch(context, id));
    if (row.state === 'undone') return row;
  }
}

/** Fields by entity, without those of tombstones and the log of what was deleted at once. */
export async function stateOf(device: Device): Promise<Readonly<Record<string, unknown>>> {
  const records = (await backUp(device)).filter(({ kind }) => kind !== 'bulk-deletion' && kind !== 'bulk-restore');
  return Object.fromEntries(records.map(({ kind, id, fields }) => [`${kind}/${id}`, fields]));
}
