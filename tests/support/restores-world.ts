/** Restores of a workspace in memory from the backups of its place, as the backup worker does them. */
import { expect } from 'vitest';
import { caught, take } from '#backup/kept/failure.ts';
import type { BoxKey } from '#backup/restore/brought-secrets.ts';
import type { BackupProgress } from '#core/backups.ts';
import type { Fields } from '#core/entity.ts';
import { keyText } from '#core/entity-key.ts';
import type { PlanQuery, RestoreChoice, RestorePlan } from '#core/restores.ts';
import { listRestores, restoreInfo } from '#store/restore/restore-rows.ts';
import { PURGED } from '#store/schema/schema.ts';
import { createRestores } from '#workers/backup-restores.ts';
import { openBackupWorld } from './backup-world.ts';
import { must } from './memory-workspace.ts';

export const MERGE: RestoreChoice = { way: 'merge', skipNewer: false, only: null };
const ALL: PlanQuery = { words: '', limit: 10_000 };

export async function openRestoresWorld({ boxKey = null }: { readonly boxKey?: BoxKey | null } = {}) {
  const world = await openBackupWorld();
  const { context, place, kept, kv, backUp } = world;
  const stopping = { aborted: false, addEventListener: () => {} };
  let stopAt = Number.POSITIVE_INFINITY;
  const told: BackupProgress[] = [];
  const tell = (progress: BackupProgress): void => {
    told.push(progress);
    if (progress.phase === 'restoring' && progress.done >= stopAt) stopping.aborted = true;
  };
  const restores = createRestores({
    context,
    place,
    kept,
    makeSafety: async () => take(await backUp('safety')),
    run: { signal: stopping, tell, pause: async () => {} },
    boxKey,
    batch: 7,
  });
  /** The fields of everything that is not deleted, by key. */
  const stateOf = async (): Promise<Readonly<Record<string, Fields>>> => {
    const { rows } = must(await kv.read({ rows: { list: 'entities', limit: 1_000_000 } }));
    const live = rows.filter(({ place: at, kind }) => at !== PURGED && kind !== 'bulk-deletion' && kind !== 'bulk-restore');
    return Object.fromEntries(live.map((row) => [keyText(row), row.fields]));
  };
  const plan = async (id: string, choice: RestoreChoice, query = ALL): Promise<RestorePlan> => restores.plan(id, choice, query);
  const restore = (id: string, choice: RestoreChoice) => caught(() => restores.restore(id, choice));
  /** A restore that the person stops once `done` records are written. Gives its id, by which it is gone on with or taken back. */
  const restoreUntil = async (done: number, id: string, choice: RestoreChoice): Promise<string> => {
    stopAt = done;
    expect(await restore(id, choice)).toEqual({ ok: false, error: { type: 'BackupStopped' } });
    stopAt = Number.POSITIVE_INFINITY;
    stopping.aborted = false;
    const begun = must(await listRestores(context)).find(({ state }) => state === 'applying');
    return begun ? restoreInfo(begun).id : '';
  };
  const { resume, undo } = restores;
  return { ...world, resume, undo, told, stateOf, plan, restore, restoreUntil };
}

export type RestoresWorld = Awaited<ReturnType<typeof openRestoresWorld>>;

/** How many entities a plan says that a restore writes. */
export const writesOf = ({ counts }: RestorePlan): number =>
  Object.values(counts).reduce((sum, { added, copied, revived, changed }) => sum + added + copied + revived + changed, 0);
