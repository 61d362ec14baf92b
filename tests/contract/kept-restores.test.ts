/** Restores from kept backups, where the backup is damaged, in use, removed meanwhile, or kept for another restore. */
import { describe, expect, test } from 'vitest';
import { caught } from '#backup/kept/failure.ts';
import { partPath } from '#backup/kept/parts.ts';
import type { RestoreChoice } from '#core/backups.ts';
import { systemRandom } from '#platform/system.ts';
import { applyRestore } from '#store/restore/apply-restore.ts';
import { listRestores, restoreInfo } from '#store/restore/restore-rows.ts';
import { openBackupWorld } from '#support/backup-world.ts';
import { must } from '#support/memory-workspace.ts';
import { createRestores } from '#workers/backup-restores.ts';

const ALL: RestoreChoice = { way: 'overwrite', skipNewer: false, only: null };
const DAY_MS = 24 * 3_600_000;

async function openWorld(notes = 200) {
  const world = await openBackupWorld();
  const ids = await world.writeNotes(notes);
  const made = must(await world.backUp('asked'));
  const context = { ...world.context, clock: world.clock, random: systemRandom };
  const told: number[] = [];
  let afterBatch = (_done: number): void => {};
  const restores = createRestores({
    context,
    place: world.place,
    kept: world.kept,
    makeSafety: () => world.backUp('safety'),
    run: {
      ...world.run,
      tell({ phase, done }) {
        if (phase !== 'restoring') return;
        told.push(done);
        afterBatch(done);
      },
    },
    batch: 10,
  });
  for (const id of ids.slice(0, 100)) await world.save('note', id, { title: 'Changed' });
  const changed = async (): Promise<number> => {
    const notes = await Promise.all(ids.map((id) => world.store.get('note', id)));
    return notes.filter((note) => must(note)?.fields.title === 'Changed').length;
  };
  const onBatch = (act: (done: number) => void): void => {
    afterBatch = act;
  };
  return { world, context, told, restores, made, ids, changed, onBatch };
}

describe('a backup with a damaged part', () => {
  test('restores nothing: not the parts before it either', async () => {
    const { world, restores, made, changed } = await openWorld();
    const manifest = await world.kept.find(made.id);
    const last = manifest.parts.at(-1);
    world.place.files.delete(partPath(last?.hash ?? ''));
    expect(await caught(() => restores.restore(made.id, ALL))).toMatchObject({ error: { type: 'BackupDamaged' } });
    expect(await changed()).toBe(100);
    expect(
      await world.context.kv.read({ rows: { list: 'meta', lower: 'restore', upper: 'restored/~', limit: 9 } }),
    ).toMatchObject({
      value: { rows: [] },
    });
  });
});

describe('a backup that a restore needs', () => {
  test('is not removed before that has gone on or was taken back', async () => {
    const { context, restores, made } = await openWorld();
    must(await applyRestore(context, { id: 'r', backup: made.id, madeAt: made.madeAt, choice: ALL }, 0, []));
    expect(await caught(() => restores.refuseInUse(made.id))).toMatchObject({ error: { type: 'BackupInUse' } });
    expect(await restores.resume('r')).toMatchObject({ state: 'applied' });
    expect(await caught(() => restores.refuseInUse(made.id))).toMatchObject({ ok: true });
  });

  test('stays kept when an older restore from it can no longer be undone', async () => {
    const { world, restores, made } = await openWorld(3);
    await restores.restore(made.id, ALL);
    world.time.ms += 29 * DAY_MS;
    const other = must(await world.backUp('asked'));
    await restores.restore(made.id, ALL);
    world.time.ms += 2 * DAY_MS;
    await restores.restore(other.id, ALL);
    const { backups } = await world.kept.list();
    expect(backups.find(({ id }) => id === made.id)).toMatchObject({ isPinned: true });
  });
});

test('a restore that another tab takes back ends', async () => {
  const { restores, made, changed, onBatch, told, context } = await openWorld();
  let undone: Promise<unknown> = Promise.resolve();
  const undo = async () => {
    const [row] = must(await listRestores(context));
    await restores.undo(row ? restoreInfo(row).id : '');
  };
  onBatch((done) => {
    if (done === 20) undone = undo();
  });
  const ended = await restores.restore(made.id, ALL);
  await undone;
  expect(ended.state).toMatch(/^und/);
  expect(await changed()).toBe(100);
  // It does not read on for nothing.
  expect(told.at(-1)).toBeLessThan(made.records);
});

test('a check of a backup that is removed meanwhile does not call it whole', async () => {
  const { world, made } = await openWorld(3);
  const removing = { ...world.run, pause: () => world.kept.remove(made.id) };
  expect(await caught(() => world.kept.verify(made.id, world.rows, removing))).toMatchObject({
    error: { type: 'BackupMissing' },
  });
});
