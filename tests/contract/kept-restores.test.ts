/** Restores from kept backups, where the backup is damaged, in use, removed meanwhile, or kept for another restore. */
import { describe, expect, test } from 'vitest';
import { caught, Failure } from '#backup/kept/failure.ts';
import { comparePairs, partPath } from '#backup/kept/parts.ts';
import type { RestoreChoice } from '#core/restores.ts';
import { systemRandom } from '#platform/system.ts';
import { applyRestore } from '#store/restore/apply-restore.ts';
import { listRestores, restoreInfo } from '#store/restore/restore-rows.ts';
import { openBackupWorld } from '#support/backup-world.ts';
import { createMemoryPlace } from '#support/memory-place.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { MERGE, openRestoresWorld } from '#support/restores-world.ts';
import { createRestores } from '#workers/backup-restores.ts';

const ALL: RestoreChoice = { way: 'overwrite', skipNewer: false, only: null };
const DAY_MS = 24 * 3_600_000;

async function openWorld(notes = 200) {
  const world = await openBackupWorld();
  const ids = await world.writeNotes(notes);
  const made = must(await world.backUp('asked'));
  const context = { ...world.context, clock: world.clock, random: systemRandom };
  const told: number[] = [];
  const stopping = { aborted: false, addEventListener: () => {} };
  let afterBatch = (_done: number): void => {};
  const restores = createRestores({
    context,
    place: world.place,
    kept: world.kept,
    makeSafety: () => world.backUp('safety'),
    run: {
      ...world.run,
      signal: stopping,
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
  return { world, context, told, stopping, restores, made, ids, changed, onBatch };
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

describe('the rest of a backup with a damaged part', () => {
  const REST: RestoreChoice = { ...ALL, acceptDamage: true };

  /** A part in the middle is lost, with what it held: none of the first hundred, of which the next backup has another version. */
  async function openDamaged() {
    const opened = await openWorld(700);
    const { world, made } = opened;
    const { parts } = await world.kept.find(made.id);
    // Ids of one millisecond have no order.
    const changed = opened.ids.slice(0, 100).sort();
    const lost = parts.slice(1, -1).find(({ first }) => first[1] > (changed.at(-1) ?? ''));
    if (!lost) throw new Error('too few parts');
    const lose = () => world.place.files.delete(partPath(lost.hash));
    const texts = await world.linesOf(made.id);
    const end = parts[parts.indexOf(lost) + 1]?.first;
    const held = texts
      .map((text) => JSON.parse(text) as { readonly kind: string; readonly id: string })
      .filter(({ kind, id }) => comparePairs([kind, id], lost.first) >= 0 && end && comparePairs([kind, id], end) < 0)
      .map(({ id }) => id);
    expect(held).toHaveLength(lost.records);
    return { ...opened, lost, lose, held };
  }

  test('is shown with the names of what is missing, and nothing of that is touched', async () => {
    const { world, restores, made, ids, held, lose } = await openDamaged();
    lose();
    const plan = await restores.plan(made.id, ALL, { words: '', limit: 1000 });
    expect(plan.damaged).toMatchObject([{ records: held.length }]);
    expect(plan.damaged[0]?.entities.map(({ id }) => id).sort()).toEqual([...held].sort());
    const before = await Promise.all(held.map((id) => world.store.get('note', id)));
    const restored = await restores.restore(made.id, REST);
    const wanted = ids.slice(0, 100).filter((id) => !held.includes(id));
    expect(restored).toMatchObject({ state: 'applied', changed: wanted.length });
    expect(plan.counts['note']).toMatchObject({ changed: wanted.length });
    expect(await Promise.all(held.map((id) => world.store.get('note', id)))).toEqual(before);
    for (const id of wanted) expect(must(await world.store.get('note', id))?.fields.title, id).not.toBe('Changed');
  });

  test('goes on where it was interrupted, also where the part was lost meanwhile', async () => {
    for (const when of ['before', 'meanwhile'] as const) {
      const { world, context, restores, made, ids, held, lose, onBatch, stopping } = await openDamaged();
      if (when === 'before') lose();
      onBatch((done) => {
        stopping.aborted = done >= 30;
      });
      expect(await caught(() => restores.restore(made.id, REST))).toMatchObject({ error: { type: 'BackupStopped' } });
      stopping.aborted = false;
      onBatch(() => {});
      lose();
      const [row] = must(await listRestores(context));
      expect(await restores.resume(row ? restoreInfo(row).id : ''), when).toMatchObject({ state: 'applied' });
      for (const id of ids.slice(0, 100).filter((id) => !held.includes(id)))
        expect(must(await world.store.get('note', id))?.fields.title, `${when} ${id}`).not.toBe('Changed');
    }
  });

  test('is taken back as a whole one is', async () => {
    const { restores, made, changed, lose } = await openDamaged();
    lose();
    const { id } = await restores.restore(made.id, REST);
    expect(await changed()).toBeLessThan(100);
    expect(await restores.undo(id)).toMatchObject({ state: 'undone', keptEdited: 0 });
    expect(await changed()).toBe(100);
  });

  test('of another place is brought, and known to be damaged', async () => {
    const { world, made, held, lost, lose } = await openDamaged();
    lose();
    const target = await openBackupWorld();
    const manifest = await world.kept.find(made.id);
    const from = { type: 'folder', name: 'Backups' } as const;
    const copy = { ...world.run, from: world.place, files: null };
    expect(await caught(() => target.kept.receive(manifest, copy))).toMatchObject({ error: { type: 'BackupDamaged' } });
    expect((await target.kept.list()).backups).toEqual([]);
    const received = await target.kept.receive({ ...manifest, reason: 'safety', from }, { ...copy, acceptDamage: true });
    expect(received.lackingParts).toEqual([lost.hash]);
    const checked = await target.kept.verify(made.id, world.rows, world.run);
    expect(checked).toMatchObject({ verifiedAt: null, reason: 'brought', damaged: [{ hash: lost.hash, records: held.length }] });
  });

  test('heals no other backup of what it lacks as well, and the next one writes that anew', async () => {
    const { world, made, lost } = await openDamaged();
    const newer = must(await world.backUp('asked'));
    const other = createMemoryPlace();
    for (const [path, bytes] of world.place.files) if (path !== partPath(lost.hash)) other.files.set(path, bytes);
    const manifest = await world.kept.find(made.id);
    world.place.files.delete(`${made.id}.json.gz`);
    world.place.files.set(partPath(lost.hash), new Uint8Array(lost.bytes));
    expect(await world.kept.verify(newer.id, world.rows, world.run)).toMatchObject({ damaged: [{ hash: lost.hash }] });
    const from = { type: 'folder', name: 'Backups' } as const;
    const run = { ...world.run, from: other, files: null, acceptDamage: true };
    await world.kept.receive({ ...manifest, reason: 'safety', from }, run);
    const { backups } = await world.kept.list();
    expect(backups.find(({ id }) => id === newer.id)).toMatchObject({ verifiedAt: null, damaged: [{ hash: lost.hash }] });
    const next = must(await world.backUp('asked'));
    expect(await world.kept.verify(next.id, world.rows, world.run)).toMatchObject({ damaged: [] });
  });
});

test.each(['asked', 'safety'] as const)(
  'a backup of this device (%s) that is made whole from a copy stays one of this device, and is not removed meanwhile',
  async (reason) => {
    const { world } = await openWorld(200);
    const made = must(await world.backUp(reason));
    const copies = createMemoryPlace();
    for (const [path, bytes] of world.place.files) copies.files.set(path, bytes);
    const manifest = await world.kept.find(made.id);
    const [lost] = manifest.parts;
    world.place.files.delete(partPath(lost?.hash ?? ''));
    expect(await world.kept.verify(made.id, world.rows, world.run)).toMatchObject({ damaged: [{ hash: lost?.hash }] });
    const from = { type: 'folder', name: 'Backups' } as const;
    const run = { ...world.run, from: copies, files: null, acceptDamage: true };
    await world.kept.receive({ ...manifest, reason: 'safety', from }, run);
    const find = async () => (await world.kept.list()).backups.find(({ id }) => id === made.id);
    const keptUntil = reason === 'safety' ? null : expect.any(Number);
    expect(await find()).toMatchObject({ from: null, reason, damaged: [], isPinned: true, keptUntil });
    for (let n = 0; n < 15; n++) must(await world.backUp());
    expect(await find()).toBeDefined();
  },
);

test.each([
  ['safety', null],
  ['asked', 3_600_000],
] as const)(
  'whoever reads a backup (%s) from beginning to end has it stay as long as that takes, and never shortens it',
  async (reason, ms) => {
    const { world } = await openWorld(10);
    const made = must(await world.backUp(reason));
    const untilNow = async () => (await world.kept.list()).backups.find(({ id }) => id === made.id)?.keptUntil;
    const from = world.time.ms;
    await world.kept.keepWhileRead(made.id, from + 3_600_000);
    expect(await untilNow()).toBe(ms && from + ms);
    world.place.calls.length = 0;
    await world.kept.keepWhileRead(made.id, from + 1000);
    expect(await untilNow()).toBe(ms && from + ms);
    expect(world.place.calls.filter((call) => call.startsWith('write'))).toEqual([]);
  },
);

test('a backup is read also where its place takes no more writes, and whoever looks at it again and again writes once', async () => {
  const { world } = await openWorld(10);
  const made = must(await world.backUp('asked'));
  const writes = () => world.place.calls.filter((call) => call.startsWith('write')).length;
  await world.kept.keepWhileRead(made.id, world.time.ms + 3_600_000);
  const before = writes();
  world.time.ms += 60_000;
  await world.kept.keepWhileRead(made.id, world.time.ms + 3_600_000);
  expect(writes()).toBe(before);
  world.place.capacityBytes = 0;
  await world.kept.keepWhileRead(made.id, world.time.ms + 7_200_000);
  expect(writes()).toBe(before + 1);
  expect(await caught(() => world.kept.keepWhileRead(mint(), world.time.ms))).toMatchObject({ error: { type: 'BackupMissing' } });
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

test.each([
  ['safety', null],
  ['asked', expect.any(Number)],
] as const)('a restore from a backup (%s) that cannot begin does not shorten how long that stays', async (reason, keptUntil) => {
  const { world, context } = await openWorld(3);
  const { id } = must(await world.backUp(reason));
  const makeSafety = async (): Promise<never> => {
    throw new Failure({ type: 'QuotaExceeded' });
  };
  const run = { ...world.run, tell: () => {} };
  const restores = createRestores({ context, place: world.place, kept: world.kept, makeSafety, run });
  expect(await caught(() => restores.restore(id, ALL))).toMatchObject({ error: { type: 'QuotaExceeded' } });
  const { backups } = await world.kept.list();
  expect(backups.find((one) => one.id === id)).toMatchObject({ isPinned: true, keptUntil });
});

test('a restore tells how far it is while it looks whether all of the backup is there', async () => {
  const world = await openRestoresWorld();
  await world.writeNotes(20);
  const { id, records } = must(await world.backUp('asked'));
  must(await world.restore(id, MERGE));
  const looking = world.told.filter(({ phase }) => phase === 'comparing');
  expect(looking.map(({ done }) => done)).toEqual(Array.from({ length: records }, (_, at) => at));
  expect(looking[0]?.total).toBe(records);
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
