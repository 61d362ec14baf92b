/** Backups: whole when they are listed, as of one position; restores and undos that take out nothing else. */

import { idOfManifest } from '#backup/kept/manifest.ts';
import type { Place } from '#backup/kept/place.ts';
import type { RestoreChoice } from '#core/restores.ts';
import { ok } from '#core/result.ts';
import { type ContextPorts, type Product, product } from '#simulation/adapters.ts';
import { BACKUP_SCENES } from '#simulation/backup-scenes.ts';
import type { RestoredRow } from '#store/schema/restore-meta-rows.ts';
import type { EntityRow } from '#store/schema/schema.ts';
import type { Mutation } from './mutation.ts';
import { put, type WorkspaceKv } from './wrappers.ts';

export const backups: readonly Mutation[] = [
  {
    name: 'a merge takes the words of the backup',
    rule: 'Invariant 32: of each field the newer words win',
    needs: [],
    plan: BACKUP_SCENES.restoring,
    product: choosing((choice) => ({ ...choice, way: 'overwrite' })),
  },
  {
    name: 'what is newer here is restored, too, where it was to stay',
    rule: 'Invariant 32: everything that is newer stays where the person says so',
    needs: [],
    plan: BACKUP_SCENES.restoring,
    product: choosing((choice) => ({ ...choice, skipNewer: false })),
  },
  {
    name: 'how far a restore is is written before what it writes',
    rule: 'Invariant 33: a batch is one transaction with its progress',
    needs: [],
    plan: BACKUP_SCENES.restoring,
    product: restoringIn((kv) => tornProgress(kv)),
  },
  {
    name: 'an undo takes no notice of what was edited since',
    rule: 'Invariant 34: what was edited since stays',
    needs: [],
    plan: BACKUP_SCENES.restoring,
    product: restoringIn((kv) => forgettingEdits(kv)),
  },
  {
    name: 'an undo forgets the last of each batch',
    rule: 'Invariant 34: what was there comes back',
    needs: [],
    plan: BACKUP_SCENES.restoring,
    product: restoringIn((kv) => losingEntries(kv)),
  },
  {
    name: 'a list is written before its parts',
    rule: 'Invariant 36: the list is written last',
    needs: [],
    plan: BACKUP_SCENES.backingUp,
    product: { backupPlace: listFirst },
  },
  {
    name: 'what is changed while a backup is made is not read again',
    rule: 'Invariant 35: all of it is as of one position',
    needs: [],
    plan: BACKUP_SCENES.backingUp,
    product: {
      backupRows(ports) {
        const rows = product.backupRows(ports);
        return {
          ...rows,
          async changed() {
            const state = await rows.state();
            return state.ok ? ok({ rows: [], isLast: true, next: state.value.localSeq }) : state;
          },
        };
      },
    },
  },
  {
    name: 'the parts of a backup that is removed go, whoever names them',
    rule: 'Invariant 36: a part stays as long as a list names it',
    needs: [],
    plan: BACKUP_SCENES.backingUp,
    product: {
      createKept(ports, place, lockOf) {
        const kept = product.createKept(ports, place, lockOf);
        const blind: Place = { ...place, list: async (folder) => (folder === '' ? [] : place.list(folder)) };
        return { ...kept, remove: (id) => product.createKept(ports, blind, lockOf).remove(id) };
      },
    },
  },
];

/** Something else is restored than the person has chosen. */
function choosing(change: (choice: RestoreChoice) => RestoreChoice): Partial<Product> {
  return {
    createRestores(...given) {
      const restores = product.createRestores(...given);
      return { ...restores, restore: (id, choice) => restores.restore(id, change(choice)) };
    },
  };
}

/** Restores over another database. */
function restoringIn(change: (kv: WorkspaceKv) => WorkspaceKv): Partial<Product> {
  return {
    createRestores: (ports: ContextPorts, ...given) => product.createRestores({ ...ports, kv: change(ports.kv) }, ...given),
  };
}

/** Commits the progress of a restore apart from what it writes, and first. */
const tornProgress = (kv: WorkspaceKv): WorkspaceKv => ({
  ...kv,
  async transact(reads, body, durability) {
    const found = await kv.read(reads);
    if (!found.ok) return found;
    const { writes, value } = body(found.value);
    const progress = writes.filter((write) => put(write, 'meta')?.key.startsWith('restore/'));
    if (progress.length === 0) return kv.transact(reads, body, durability);
    const first = await kv.transact({}, () => ({ writes: progress, value }), durability);
    if (!first.ok) return first;
    return kv.transact({}, () => ({ writes: writes.filter((write) => !progress.includes(write)), value }), durability);
  },
});

/** The rows that an undo finds are as the restore has left them. */
const forgettingEdits = (kv: WorkspaceKv): WorkspaceKv => ({
  ...kv,
  transact: (reads, body, durability) =>
    kv.transact(
      reads,
      (rows) => {
        const { now, rows: found } = rows as { now?: readonly RestoredRow[]; rows?: readonly (EntityRow | undefined)[] };
        const entries = now?.[0]?.entries;
        if (!entries || !found) return body(rows);
        const back = found.map((row) => {
          const after = entries.find(({ kind, id }) => kind === row?.kind && id === row.id)?.after;
          return row && after ? { ...row, ...after } : row;
        });
        return body({ ...rows, rows: back });
      },
      durability,
    ),
});

/** What an undo reads of a batch lacks its last entry. */
const losingEntries = (kv: WorkspaceKv): WorkspaceKv => ({
  ...kv,
  async read(reads) {
    const found = await kv.read(reads);
    const { last } = (found.ok ? found.value : {}) as { readonly last?: readonly RestoredRow[] };
    if (!found.ok || !last) return found;
    return ok({ ...found.value, last: last.map((row) => (row.entries ? { ...row, entries: row.entries.slice(0, -1) } : row)) });
  },
});

/** Parts are kept in memory until the list is there. */
export function listFirst(place: Place): Place {
  const waiting = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    ...place,
    async read(path) {
      const bytes = waiting.get(path);
      return bytes ? new Blob([bytes]) : place.read(path);
    },
    async write(path, bytes) {
      if (path.startsWith('parts/')) return void waiting.set(path, bytes);
      await place.write(path, bytes);
      if (idOfManifest(path) === null) return;
      for (const [part, content] of waiting) await place.write(part, content);
      waiting.clear();
    },
  };
}
