/** The backup worker as it is, over real IndexedDB and files of the origin: ended at any moment, and without the database. */
import { proxy } from 'comlink';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ON_DEVICE, type PlaceSpec } from '#backup/kept/place-spec.ts';
import { restoreLock } from '#core/channels.ts';
import { isHeld, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { deleteWorkspace } from '#store/accounts/erase.ts';
import { openBlobs } from '#store/blobs/open-blobs.ts';
import { backedUpWorkspaces, measureBackups } from '#store/kv/backup-folder.ts';
import { HIGH } from '#store/schema/schema.ts';
import { filesIn, openBackedUpWorld, startBackupWorker } from '#support/backup-worker.ts';
import { mint, must } from '#support/memory-workspace.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks };

describe('a worker that makes a backup', () => {
  test('and is ended at any moment leaves nothing half in the list; the next one goes on', async () => {
    const world = await openBackedUpWorld(3000);
    const { folder } = world;
    // Other tests may have left backups of fewer notes.
    const earlier = new Set((await world.kept.list()).backups.map(({ id }) => id));
    let before = earlier.size;
    for (const files of [0, 1, 3, 10, 30, 60]) {
      must(await world.put(world.ids.slice(0, 1 + files * 20), `Round ${files} of`));
      const { api, kill } = startBackupWorker();
      const start = await filesIn(folder);
      let isDone = false;
      void api.backUp(world.row.id, 'schedule').then(() => {
        isDone = true;
      });
      await vi.waitUntil(async () => isDone || (await filesIn(folder).catch(() => start)) >= start + files, {
        timeout: 20_000,
        interval: 3,
      });
      kill();
      const { backups, unreadable } = await world.kept.list();
      expect(unreadable).toEqual([]);
      for (const { id } of backups) if (!earlier.has(id)) expect(await world.notesOf(id)).toBe(world.notes);
      expect(backups.length - before).toBeLessThanOrEqual(1);
      before = backups.length;
    }
    const made = must(await startBackupWorker().api.backUp(world.row.id, 'asked'));
    // Other tests have left notes in the bin.
    const { live = 0, binned = 0 } = made.counts.note ?? {};
    expect(live + binned).toBe(world.notes);
    expect(await world.notesOf(made.id)).toBe(world.notes);
    world.kv.close();
  }, 60_000);

  test('restores and takes back one at a time, over all tabs', async () => {
    const world = await openBackedUpWorld(20);
    const { id } = world.row;
    const made = must(await startBackupWorker().api.backUp(id, 'asked'));
    const steps: string[] = [];
    const choice = { way: 'merge', skipNewer: false, only: null } as const;
    const other = startBackupWorker();
    let restoring: Promise<unknown> = Promise.resolve();
    await webLocks.hold(restoreLock(id), async () => {
      expect(await isHeld(restoreLock(id))).toBe(true);
      restoring = other.api.restore(id, made.id, choice).then((restored) => steps.push(must(restored).state));
      for (let n = 0; n < 100; n++) must(await other.api.list(id, ON_DEVICE));
      steps.push('free');
    });
    await restoring;
    expect(steps).toEqual(['free', 'applied']);
    expect(await isHeld(restoreLock(id))).toBe(false);
    world.kv.close();
  });

  test('has its backups found, checked and read when the databases are gone, until they are erased', async () => {
    const world = await openBackedUpWorld(200);
    const { api } = startBackupWorker();
    const made = must(await api.backUp(world.row.id, 'asked'));
    world.kv.close();
    for (const { name = '' } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
    expect(await backedUpWorkspaces()).toContain(world.row.id);
    expect(must(await api.list(world.row.id, ON_DEVICE)).backups).toEqual(expect.arrayContaining([made]));
    expect(await world.notesOf(made.id)).toBeGreaterThanOrEqual(200);
    expect(must(await api.verify(world.row.id, made.id, ON_DEVICE)).verifiedAt).toBeGreaterThanOrEqual(made.madeAt);
    expect(await measureBackups(world.row.id)).toMatchObject({ files: expect.any(Number), bytes: expect.any(Number) });
    must(await deleteWorkspace(world.row.id));
    expect(await backedUpWorkspaces()).not.toContain(world.row.id);
    expect(await measureBackups(world.row.id)).toEqual({ files: 0, bytes: 0 });
  });

  test('has none of a lost workspace removed while one of them is brought back', async () => {
    const lost = await openBackedUpWorld(200);
    const made = must(await startBackupWorker().api.backUp(lost.row.id, 'asked'));
    lost.kv.close();
    for (const { name = '' } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
    const world = await openBackedUpWorld(1);
    expect(world.row.id).not.toBe(lost.row.id);
    const { api } = startBackupWorker();
    const held: boolean[] = [];
    const watch = proxy(async () => {
      held.push(await isHeld(restoreLock(lost.row.id)));
    });
    expect(must(await api.bringLost(world.row.id, lost.row.id, made.id, watch))).toMatchObject({ id: made.id, damaged: [] });
    expect(held[0]).toBe(true);
    let removing: ReturnType<typeof api.removeLost> | null = null;
    await webLocks.hold(restoreLock(lost.row.id), async () => {
      removing = startBackupWorker().api.removeLost(lost.row.id);
      for (let n = 0; n < 100; n++) must(await api.list(lost.row.id, ON_DEVICE));
    });
    must((await removing) ?? { ok: false, error: 'not begun' });
    expect(await backedUpWorkspaces()).not.toContain(lost.row.id);
    // Other tests open the same workspace after this one.
    world.kv.close();
    must(await deleteWorkspace(world.row.id));
  });
});

describe('a worker that copies to a folder', () => {
  const worlds: string[] = [];
  afterEach(async () => {
    // Other tests open the same workspace after this one.
    for (const id of worlds.splice(0)) must(await deleteWorkspace(id));
  });
  async function openOwnWorld(count: number) {
    const world = await openBackedUpWorld(count);
    worlds.push(world.row.id);
    return world;
  }

  /** A folder of the origin stands in for one that the person has picked: the same handles, and no question. */
  async function pickedFolder(): Promise<{ handle: FileSystemDirectoryHandle; spec: PlaceSpec }> {
    const origin = await navigator.storage.getDirectory();
    const handle = await origin.getDirectoryHandle(`picked-${mint()}`, { create: true });
    return { handle, spec: { type: 'folder', handle, name: 'workspace' } };
  }

  test('brings pictures along, and all of it comes back to a device that has nothing', async () => {
    const world = await openOwnWorld(100);
    const { api } = startBackupWorker();
    const { kv, journal } = world;
    const blobs = await openBlobs({ ...ports, kv, journal, workspaceId: world.row.id });
    const picture = must(await blobs.put(new Blob(['a picture']), { type: 'image/png' }));
    must(await world.put([mint()], `![](files/${picture.hash}.png)`));
    const made = must(await api.backUp(world.row.id, 'asked'));
    const { spec } = await pickedFolder();
    expect(must(await api.list(world.row.id, spec)).backups).toEqual([]);
    const copied = must(await api.copy(world.row.id, made.id, spec));
    expect(copied).toMatchObject({ lackingFiles: 0, info: { id: made.id, records: made.records } });
    expect(must(await api.verify(world.row.id, made.id, spec)).damaged).toEqual([]);

    must(await api.remove(world.row.id, made.id, ON_DEVICE));
    const brought = must(await api.copyHere(world.row.id, made.id, spec, { type: 'folder', name: 'Stick' }));
    expect(brought).toMatchObject({ id: made.id, reason: 'brought', from: { type: 'folder', name: 'Stick' } });
    expect(await world.notesOf(made.id)).toBe(
      must(await kv.read({ notes: { count: 'entities', lower: ['note'], upper: ['note', HIGH] } })).notes,
    );
  });

  test('says that a folder is gone, and finds none in one that is empty', async () => {
    const world = await openOwnWorld(5);
    const { api } = startBackupWorker();
    const made = must(await api.backUp(world.row.id, 'asked'));
    const { handle, spec } = await pickedFolder();
    expect(await api.verify(world.row.id, made.id, spec)).toMatchObject({ error: { type: 'BackupMissing' } });
    await (await navigator.storage.getDirectory()).removeEntry(handle.name, { recursive: true });
    expect(await api.list(world.row.id, spec)).toMatchObject({ error: { type: 'PlaceGone' } });
    expect(await api.copy(world.row.id, made.id, spec)).toMatchObject({ error: { type: 'PlaceGone' } });
  });

  test('and is ended at any moment leaves nothing half in the list; the next one goes on', async () => {
    const world = await openOwnWorld(1500);
    const first = startBackupWorker();
    const made = must(await first.api.backUp(world.row.id, 'asked'));
    const { spec } = await pickedFolder();
    for (let ms = 40; ms < 400; ms += 120) {
      const { api, kill } = startBackupWorker();
      void api.copy(world.row.id, made.id, spec);
      await new Promise((resolve) => setTimeout(resolve, ms));
      kill();
      const { backups } = must(await first.api.list(world.row.id, spec));
      for (const { id } of backups) expect(must(await first.api.verify(world.row.id, id, spec)).damaged).toEqual([]);
    }
    const copied = must(await first.api.copy(world.row.id, made.id, spec));
    expect(copied.info.records).toBe(made.records);
    expect(must(await first.api.verify(world.row.id, made.id, spec)).damaged).toEqual([]);
  });
});
