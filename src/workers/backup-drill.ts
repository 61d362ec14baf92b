/** Tries a restore, in the backup worker: by the code of a real one, into a database of its own, which is removed whatever becomes of it. */
import { compareDrill, MAX_LOST } from '#backup/drill/compare-drill.ts';
import { Failure, take } from '#backup/kept/failure.ts';
import type { createKeptBackups, Run } from '#backup/kept/kept-backups.ts';
import { openBackup } from '#backup/kept/open-backup.ts';
import { sumRecords } from '#backup/kept/parts.ts';
import type { Place } from '#backup/kept/place.ts';
import { rest } from '#backup/kept/write-backup.ts';
import type { RowReader } from '#core/backup-rows.ts';
import type { DrillReport, LostEntity } from '#core/drills.ts';
import type { RestoreChoice } from '#core/restores.ts';
import { readPresent } from '#store/restore/apply-restore.ts';
import { openScratch, readLive } from '#store/restore/scratch.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { createRestores } from './backup-restores.ts';

/** What is damaged is reported, and compared as lost. */
const EVERYTHING: RestoreChoice = { way: 'merge', skipNewer: false, only: null, acceptDamage: true };

export interface DrillWorld {
  /** Of the workspace as it is: nothing is written there. */
  readonly context: StoreContext;
  readonly rows: RowReader;
  readonly place: Place;
  readonly kept: Pick<ReturnType<typeof createKeptBackups>, 'find' | 'list' | 'verify'>;
  readonly deleteScratch: () => Promise<unknown>;
  readonly run: Required<Run>;
}

/** Tries that backup, or the newest that was made here. Throws a `Failure`. One at a time for a workspace. */
export async function tryRestore(world: DrillWorld, wanted: string | null): Promise<DrillReport> {
  const { context, rows, place, kept, deleteScratch, run } = world;
  await deleteScratch();
  const id = wanted ?? (await kept.list()).backups.find(({ reason }) => reason !== 'brought')?.id;
  if (id === undefined) throw new Failure({ type: 'BackupMissing' });
  const manifest = await kept.find(id);
  const { damaged } = await kept.verify(id, rows, run);

  const deviceId = manifest.device.id;
  const scratch = take(await openScratch({ ...context, deviceId }));
  try {
    const onDamaged = (): void => {};
    const restores = createRestores({
      ...{ context: scratch.context, place, run },
      kept: { ...kept, pin: async () => {}, keepWhileRead: async () => {} },
      // Nothing is there yet.
      makeSafety: async () => {},
    });
    await restores.restore(id, EVERYTHING);
    let done = 0;
    const { database } = take(await rows.state());
    const isOfHere = manifest.workspace === context.workspaceId && manifest.database === database;
    const { aside, ...compared } = await compareDrill(openBackup(place, manifest).records({ onDamaged }), {
      ...{ ledger: context.ledger, deviceId },
      restored: (keys) => readPresent(scratch.context, keys),
      live: (keys) => readLive(context, keys, isOfHere ? manifest.localSeq : 0),
      async onBatch(records) {
        done += records;
        run.tell({ phase: 'comparing', done, total: manifest.records });
        await rest(run);
      },
    });
    const named = damaged.flatMap(({ entities }) => entities.map((one): LostEntity => ({ ...one, fault: 'damaged' })));
    return {
      ...compared,
      ...{ at: context.clock.now(), backup: id, madeAt: manifest.madeAt, records: manifest.records - aside },
      lost: compared.lost + sumRecords(damaged),
      entities: [...named, ...compared.entities].slice(0, MAX_LOST),
    };
  } finally {
    scratch.close();
    await deleteScratch();
  }
}
