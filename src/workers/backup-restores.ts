/** Restores from kept backups, in the backup worker: what they would do, doing it, and taking it back. */
import { Failure, take } from '#backup/kept/failure.ts';
import type { createKeptBackups, Run } from '#backup/kept/kept-backups.ts';
import { BROUGHT_MS } from '#backup/kept/kept-state.ts';
import { type OpenBackup, openBackup } from '#backup/kept/open-backup.ts';
import type { Place } from '#backup/kept/place.ts';
import { goOnUnless, rest } from '#backup/kept/write-backup.ts';
import type { BoxKey } from '#backup/restore/brought-secrets.ts';
import { type Copies, findCopies } from '#backup/restore/copies.ts';
import { dryRun } from '#backup/restore/dry-run.ts';
import { restoreItem } from '#backup/restore/restore-items.ts';
import { isAsked, wayOf } from '#backup/restore/ways.ts';
import type { DamagedPart } from '#core/backups.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { PlanQuery, RestoreChoice, RestoreInfo, RestorePlan } from '#core/restores.ts';
import type { RestoreItem } from '#core/restoring.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import { applyRestore, finishRestore, type RestoreOptions, readPresent } from '#store/restore/apply-restore.ts';
import { keepCopies, readCopies } from '#store/restore/restore-copies.ts';
import { noteRestore, noteRestoreEnd } from '#store/restore/restore-notes.ts';
import { forgetRestores, listRestores, restoreInfo, restoreKey } from '#store/restore/restore-rows.ts';
import { undoBatch } from '#store/restore/undo-restore.ts';
import { mint, type StoreContext } from '#store/schema/context.ts';
import type { RestoreRow } from '#store/schema/restore-meta-rows.ts';
import { keyItems, planKeys } from './brought-keys.ts';

/** Entities to a transaction: a save does not wait long. */
export const BATCH = 50;

/** Another tab has taken the restore back: there is nothing left to write. */
class TakenBack extends Error {
  readonly row: RestoreRow;
  constructor(row: RestoreRow) {
    super(row.state);
    this.row = row;
  }
}

export interface RestoreWorld {
  readonly context: StoreContext;
  readonly place: Place;
  readonly kept: Pick<ReturnType<typeof createKeptBackups>, 'find' | 'keepWhileRead' | 'pin' | 'verify'>;
  /** Makes the backup that a restore begins with. */
  readonly makeSafety: () => Promise<unknown>;
  /** Ends it between two transactions, reports how far it is, and waits between two. */
  readonly run: Required<Run>;
  /** Of this browser, for the API keys that came with a backup. Without it none are looked at. */
  readonly boxKey?: BoxKey | null;
  /** Entities to a transaction. */
  readonly batch?: number;
}

/** All of them throw a `Failure`. */
export interface Restores {
  plan(id: string, choice: RestoreChoice, query: PlanQuery): Promise<RestorePlan>;
  restore(id: string, choice: RestoreChoice): Promise<RestoreInfo>;
  resume(id: string): Promise<RestoreInfo>;
  /** Throws where a restore has yet to go on with a backup. */
  refuseInUse(id: string): Promise<void>;
  undo(id: string): Promise<RestoreInfo>;
}

async function* none(): AsyncGenerator<never> {}

const asksForCopies = ({ way, kinds = {}, entities = {} }: RestoreChoice): boolean =>
  [way, ...Object.values(kinds), ...Object.values(entities)].includes('copy');

export function createRestores({
  context,
  place,
  kept,
  makeSafety,
  run,
  boxKey = null,
  batch: most = BATCH,
}: RestoreWorld): Restores {
  const { ledger, deviceId } = context;
  const { signal, tell } = run;
  const open = async (id: string): Promise<OpenBackup> => openBackup(place, await kept.find(id));

  /** Which parts are damaged, and what they held. */
  const findDamage = async (id: string): Promise<readonly DamagedPart[]> =>
    (await kept.verify(id, createRowReader(context.kv), run)).damaged;
  const readRows = (keys: readonly KeyPair[]) => {
    goOnUnless(signal);
    return readPresent(context, keys);
  };
  /** What is copied follows from the backup and from what is here, or from what was decided before. Copies have the same ids again. */
  const restoredOf = async (backup: OpenBackup, choice: RestoreChoice, decided: Copies['documents'] | null) => {
    const ways = wayOf(choice, ledger);
    const records = asksForCopies(choice) ? backup.records({ onDamaged: () => {} }) : none();
    const { madeAt } = backup.manifest;
    return take(await findCopies(records, { ledger, wayOf: ways, madeAt, decided, readPresent: readRows }));
  };

  /** Writes what is left of a restore, which may have been begun before. */
  async function write(backup: OpenBackup, options: RestoreOptions, done: number): Promise<RestoreInfo> {
    const { choice } = options;
    const decided = { ledger, deviceId, skipNewer: choice.skipNewer, wayOf: wayOf(choice, ledger) };
    const copies = await restoredOf(backup, choice, take(await readCopies(context, options.id)));
    if (asksForCopies(choice)) take(await keepCopies(context, options.id, copies.documents));
    const lost = new Map(backup.manifest.parts.map(({ hash, records }) => [hash, records]));
    let at = 0;
    // Records since the last batch, with those of damaged parts: a restore that goes on counts the same ones, whatever was lost since.
    let taken = 0;
    let batch: RestoreItem[] = [];
    const apply = async (): Promise<void> => {
      const row = take(await applyRestore(context, options, at - taken, batch, taken));
      batch = [];
      taken = 0;
      if (row.state !== 'applying') throw new TakenBack(row);
      tell({ phase: 'restoring', done: at, total: backup.manifest.records });
      await rest(run);
    };
    const count = (records: number): void => {
      at += records;
      taken += Math.max(0, Math.min(records, at - done));
    };
    const onDamaged = (hash: string): void => {
      // One that was lost since the person was shown what is missing.
      if (!choice.acceptDamage) throw new Failure({ type: 'BackupDamaged' });
      count(lost.get(hash) ?? 0);
    };
    try {
      for await (const record of backup.records({ onDamaged })) {
        count(1);
        if (at <= done) continue;
        batch.push(restoreItem(copies.apply(record), decided));
        if (batch.length === most) await apply();
      }
      await apply();
      if (at >= done) batch = await keyItems(context, boxKey, options.backup, choice);
      count(batch.length);
      if (batch.length > 0) await apply();
    } catch (error) {
      if (error instanceof TakenBack) return restoreInfo(error.row);
      throw error;
    }
    const row = take(await finishRestore(context, options.id));
    if (!row) throw new Failure({ type: 'BackupMissing' });
    if (row.changed > 0) take(await noteRestoreEnd(context, options.id, { changed: row.changed }));
    return restoreInfo(row);
  }

  /** A restore that has begun names its backup, and may have to go on with it. */
  async function goOn(backup: OpenBackup, options: RestoreOptions, done: number): Promise<RestoreInfo> {
    await kept.pin(options.backup, null);
    return write(backup, options, done);
  }

  async function find(id: string): Promise<RestoreRow> {
    const row = take(await listRestores(context)).find(({ key }) => key === restoreKey(id));
    if (!row) throw new Failure({ type: 'BackupMissing' });
    return row;
  }

  return {
    async plan(id: string, choice: RestoreChoice, query: PlanQuery): Promise<RestorePlan> {
      const backup = await open(id);
      const total = backup.manifest.records;
      const copies = await restoredOf(backup, choice, null);
      let isDamaged = false;
      const onDamaged = (): void => {
        isDamaged = true;
      };
      const restored = async function* () {
        for await (const record of backup.records({ onDamaged })) yield copies.apply(record);
      };
      const decided = {
        ledger,
        deviceId,
        skipNewer: choice.skipNewer,
        wayOf: wayOf(choice, ledger),
        isAsked: isAsked(choice, ledger),
      };
      const onRead = (done: number): void => tell({ phase: 'comparing', done, total });
      const plan = take(await dryRun(restored(), { ...decided, query, readPresent: readRows, onRead }));
      return { ...plan, keys: await planKeys(context, boxKey, id), damaged: isDamaged ? await findDamage(id) : [] };
    },

    async restore(id: string, choice: RestoreChoice): Promise<RestoreInfo> {
      const forgotten = take(await forgetRestores(context));
      const needed = new Set(take(await listRestores(context)).map((row) => row.backup));
      for (const { backup } of forgotten) if (!needed.has(backup)) await kept.pin(backup, 0).catch(() => {});
      const backup = await open(id);
      // One that lacks a part restores nothing, not a half, before the person has seen what is missing.
      if (!choice.acceptDamage) {
        let read = 0;
        for await (const _ of backup.lines()) {
          goOnUnless(signal);
          tell({ phase: 'comparing', done: read++, total: backup.manifest.records });
        }
      }
      // Until it begins, which it may never do. One that stays by itself is not to go then.
      await kept.keepWhileRead(id, context.clock.now() + BROUGHT_MS);
      await makeSafety();
      const { madeAt } = backup.manifest;
      const options = { id: mint(context), backup: id, madeAt, choice };
      take(await noteRestore(context, options.id, madeAt));
      take(await applyRestore(context, options, 0, []));
      return goOn(backup, options, 0);
    },

    async resume(id: string): Promise<RestoreInfo> {
      const row = await find(id);
      if (row.state !== 'applying') return restoreInfo(row);
      const { backup, madeAt, choice, done } = row;
      return goOn(await open(backup), { id, backup, madeAt, choice }, done);
    },

    async refuseInUse(id: string): Promise<void> {
      const restores = take(await listRestores(context));
      if (restores.some(({ backup, state }) => backup === id && state === 'applying')) throw new Failure({ type: 'BackupInUse' });
    },

    async undo(id: string): Promise<RestoreInfo> {
      for (let done = 0; ; done += most) {
        const row = take(await undoBatch(context, id));
        if (row.state === 'undone') {
          if (row.changed > 0) take(await noteRestoreEnd(context, id, { undone: true }));
          return restoreInfo(row);
        }
        tell({ phase: 'undoing', done: Math.min(done, row.changed), total: row.changed });
        await rest(run);
      }
    },
  };
}
