/** Restores that are tried: the calls of a page, and, in the tab that keeps the schedule, the one of each week. */
import type { BackupWatch } from '#core/backups.ts';
import { drillLock } from '#core/channels.ts';
import type { DrillReport } from '#core/drills.ts';
import type { BackupError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { systemClock, webLocks } from '#platform/system.ts';
import { noteDrill, readDrills } from '#store/backup/drill-row.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import type { ActiveWorkspace } from '#store/calls/workspace-calls.ts';
import { handOn, inWorker } from './in-backup-worker.ts';

/** `announce` has whoever shows backups look again. */
export function createDrillCalls({ row, kv }: Pick<ActiveWorkspace, 'row' | 'kv'>, announce: () => void) {
  const tryRestore = async (id: string | null, watch?: BackupWatch): Promise<Result<DrillReport, BackupError>> => {
    const tried = await inWorker((api) => api.tryRestore(row.id, id, handOn(watch)));
    // What the person has stopped says nothing about the backup, and neither does that there is none.
    if (tried.ok || !['BackupStopped', 'BackupMissing'].includes(tried.error.type)) await noteDrill(kv, tried, systemClock.now());
    announce();
    return tried;
  };
  return {
    tryRestore,
    drills: () => readDrills(kv),
    /** Removes what a tab that was closed in the middle has left, then has one tried each week. */
    async keep(): Promise<void> {
      const [{ keepDrills }, { deleteScratch }] = await Promise.all([
        import('#backup/drill/drill-driver.ts'),
        import('#store/accounts/erase.ts'),
      ]);
      await webLocks.hold(drillLock(row.id), () => deleteScratch(row.id), { ifAvailable: true });
      const rows = createRowReader(kv);
      keepDrills({
        clock: systemClock,
        drills: () => readDrills(kv),
        async localSeq() {
          const state = await rows.state();
          return state.ok ? ok(state.value.localSeq) : state;
        },
        run: () => tryRestore(null),
      });
    },
  };
}
