/** A restore that is tried: over real IndexedDB and files of the origin, by the worker that does it. */
import { proxy } from 'comlink';
import { expect, test, vi } from 'vitest';
import { manifestPath, readManifest } from '#backup/kept/manifest.ts';
import { ON_DEVICE } from '#backup/kept/place-spec.ts';
import type { BackupProgress } from '#core/backups.ts';
import { ledger } from '#entities/index.ts';
import { deleteScratch, eraseDatabases } from '#store/accounts/erase.ts';
import { scratchName } from '#store/restore/scratch.ts';
import { openBackedUpWorld, startBackupWorker } from '#support/backup-worker.ts';
import { must } from '#support/memory-workspace.ts';

const databases = async (): Promise<readonly string[]> => (await indexedDB.databases()).map(({ name = '' }) => name);
const nobody = proxy(() => {});

test('everything comes back, what was changed since is counted, and nothing is left of it', async () => {
  const world = await openBackedUpWorld(230);
  const { api } = startBackupWorker();
  const made = must(await api.backUp(world.row.id, 'asked'));
  must(await world.put(world.ids.slice(0, 7), 'Written since'));
  const before = must(await world.kv.read({ rows: { list: 'entities', limit: 10_000 }, meta: { list: 'meta', limit: 1000 } }));
  const phases = new Set<string>();
  const report = must(
    await api.tryRestore(
      world.row.id,
      made.id,
      proxy(({ phase }: BackupProgress) => void phases.add(phase)),
    ),
  );
  // Restores of other tests in this browser have left their notes, which no restore brings back.
  const news = Object.entries(made.counts).filter(([kind]) => ledger.get(kind)?.news);
  const wanted = made.records - news.reduce((sum, [, { live, binned }]) => sum + live + binned, 0);
  expect(report).toMatchObject({ records: wanted, held: wanted, lost: 0, leftOut: 0, changedSince: 7, entities: [] });
  expect(report).toMatchObject({ backup: made.id, madeAt: made.madeAt });
  expect([...phases]).toEqual(['checking', 'restoring', 'comparing']);
  expect(must(await world.kv.read({ rows: { list: 'entities', limit: 10_000 }, meta: { list: 'meta', limit: 1000 } }))).toEqual(
    before,
  );
  expect(await databases()).not.toContain(scratchName(world.row.id));
  world.kv.close();
});

test.each(['tried', 'compared'])('what is %s stays for an hour, however many backups are made meanwhile', async (how) => {
  const world = await openBackedUpWorld(20);
  const { api } = startBackupWorker();
  const { id } = must(await api.backUp(world.row.id, 'asked'));
  if (how === 'tried') must(await api.tryRestore(world.row.id, id, nobody));
  else must(await api.plan(world.row.id, id, { way: 'merge', skipNewer: false, only: null }, { words: '', limit: 1 }));
  for (let n = 0; n < 11; n++) {
    must(await world.put(world.ids.slice(0, 1), `round ${n}`));
    must(await api.backUp(world.row.id, 'schedule'));
  }
  expect(must(await api.list(world.row.id, ON_DEVICE)).backups.map((one) => one.id)).toContain(id);
  world.kv.close();
  must(await eraseDatabases([world.row.id]));
});

test('a damaged part makes it fail, by the names of the entities that are in it; the others come back', async () => {
  const world = await openBackedUpWorld(400);
  const { api } = startBackupWorker();
  const made = must(await api.backUp(world.row.id, 'asked'));
  const manifest = must(await readManifest(await (await world.folder.getFileHandle(manifestPath(made.id))).getFile()));
  const part = manifest.parts.at(-1);
  if (!part) throw new Error('no parts');
  const parts = await (await world.folder.getDirectoryHandle('parts')).getDirectoryHandle(part.hash.slice(0, 2));
  const file = await (await parts.getFileHandle(part.hash)).createWritable({ keepExistingData: true });
  await file.write({ type: 'write', position: 40, data: new Uint8Array([1, 2, 3, 4, 5, 6]) });
  await file.close();
  const report = must(await api.tryRestore(world.row.id, made.id, nobody));
  expect(report).toMatchObject({ lost: part.records, held: made.records - part.records });
  expect(report.entities).toHaveLength(Math.min(100, part.records));
  for (const { kind, id, fault } of report.entities) {
    expect(fault).toBe('damaged');
    expect(kind !== 'note' || id >= part.first[1]).toBe(true);
  }
  expect(must(await api.list(world.row.id, ON_DEVICE)).backups[0]?.damaged).toHaveLength(1);
  world.kv.close();
  // Other tests begin with an empty browser.
  must(await eraseDatabases([world.row.id]));
});

test('stopped by the person, or ended at any moment, it leaves nothing that a start does not remove', async () => {
  const world = await openBackedUpWorld(1500);
  const { api } = startBackupWorker();
  const made = must(await api.backUp(world.row.id, 'asked'));
  const stopped = await api.tryRestore(
    world.row.id,
    made.id,
    proxy(({ phase }: BackupProgress) => phase !== 'restoring'),
  );
  expect(stopped).toEqual({ ok: false, error: { type: 'BackupStopped' } });
  expect(await databases()).not.toContain(scratchName(world.row.id));

  for (const [last, share] of [
    ['restoring', 0],
    ['restoring', 0.5],
    ['comparing', 0],
  ] as const) {
    const { api: second, kill } = startBackupWorker();
    let isThere = false;
    void second.tryRestore(
      world.row.id,
      made.id,
      proxy(({ phase, done, total }: BackupProgress) => {
        isThere ||= phase === last && done >= (total ?? 0) * share;
      }),
    );
    await vi.waitUntil(() => isThere, { timeout: 20_000, interval: 2 });
    kill();
    expect(await databases()).toContain(scratchName(world.row.id));
    must(await deleteScratch(world.row.id));
    expect(await databases()).not.toContain(scratchName(world.row.id));
  }
  // The lock went with the worker that held it: the next one tries.
  const report = must(await startBackupWorker().api.tryRestore(world.row.id, made.id, nobody));
  expect(report).toMatchObject({ lost: 0, held: made.records });
  world.kv.close();
  must(await eraseDatabases([world.row.id]));
}, 60_000);
