/** Restores from kept backups, in the backup worker: what they would do, doing it, and taking it back. */
import { Failure, take } from '#backup/kept/failure.ts';
import type { createKeptBackups } from '#backup/kept/kept-backups.ts';
import { type OpenBackup, openBackup } from '#backup/kept/open-backup.ts';
import type { Place } from '#backup/kept/place.ts';
import { dryRun, wayOf } from '#backup/restore/dry-run.ts';
import { restoreItem } from '#backup/restore/restore-items.ts';
import type { RestoreChoice, RestoreInfo, RestorePlan } from '#core/backups.ts';
import type { RestoreItem } from '#core/restoring.ts';
import { applyRestore, finishRestore, type RestoreOptions, readPresent } from '#store/restore/apply-restore.ts';
import { forgetRestores, listRestores, restoreInfo, restoreKey } from '#store/restore/restore-rows.ts';
import { undoBatch } from '#store/restore/undo-restore.ts';
import { mint, type StoreContext } from '#store/schema/context.ts';
import type { RestoreRow } from '#store/schema/meta-rows.ts';

/** Entities to a transaction: a save does not wait long. */
const BATCH = 50;

export interface RestoreWorld {
  readonly context: StoreContext;
  readonly place: Place;
  readonly kept: ReturnType<typeof createKeptBackups>;
  /** Makes the backup that a restore begins with. */
  readonly makeSafety: () => Promise<unknown>;
  /** Between two transactions. */
  readonly pause: () => Promise<void>;
}

export function createRestores({ context, place, kept, makeSafety, pause }: RestoreWorld) {
  const { ledger, deviceId } = context;
  const open = async (id: string): Promise<OpenBackup> => openBackup(place, await kept.find(id));

  /** Writes what is left of a restore, which may have been begun before. */
  async function write(backup: OpenBackup, options: RestoreOptions, done: number): Promise<RestoreInfo> {
    const { choice } = options;
    const decided = { ledger, deviceId, skipNewer: choice.skipNewer, wayOf: wayOf(choice, ledger) };
    let at = 0;
    let batch: RestoreItem[] = [];
    const apply = async (): Promise<void> => {
      take(await applyRestore(context, options, at - batch.length, batch));
      batch = [];
      await pause();
    };
    for await (const record of backup.records()) {
      at += 1;
      if (at <= done) continue;
      batch.push(restoreItem(record, decided));
      if (batch.length === BATCH) await apply();
    }
    await apply();
    const row = take(await finishRestore(context, options.id));
    if (!row) throw new Failure({ type: 'BackupMissing' });
    return restoreInfo(row);
  }

  async function find(id: string): Promise<RestoreRow> {
    const row = take(await listRestores(context)).find(({ key }) => key === restoreKey(id));
    if (!row) throw new Failure({ type: 'BackupMissing' });
    return row;
  }

  return {
    plan: async (id: string, choice: RestoreChoice): Promise<RestorePlan> =>
      take(
        await dryRun((await open(id)).records(), {
          ledger,
          deviceId,
          choice,
          readPresent: (keys) => readPresent(context, keys),
        }),
      ),

    async restore(id: string, choice: RestoreChoice): Promise<RestoreInfo> {
      for (const old of take(await forgetRestores(context))) await kept.pin(old.backup, 0).catch(() => {});
      const backup = await open(id);
      // It is named by the restore, which may have to go on with it.
      await kept.pin(id, null);
      await makeSafety();
      return write(backup, { id: mint(context), backup: id, madeAt: backup.manifest.madeAt, choice }, 0);
    },

    async resume(id: string): Promise<RestoreInfo> {
      const row = await find(id);
      if (row.state !== 'applying') return restoreInfo(row);
      const { backup, madeAt, choice, done } = row;
      return write(await open(backup), { id, backup, madeAt, choice }, done);
    },

    async undo(id: string): Promise<RestoreInfo> {
      for (;;) {
        const row = take(await undoBatch(context, id));
        if (row.state === 'undone') return restoreInfo(row);
        await pause();
      }
    },
  };
}
