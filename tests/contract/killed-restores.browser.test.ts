/** The backup worker ended at any step of a restore and of an undo, over real IndexedDB and files of the origin: nothing is half, and both go on. */
import { proxy, type Remote, wrap } from 'comlink';
import { afterEach, expect, test, vi } from 'vitest';
import type { BackupWorkerApi } from '#backup/kept/backup-api.ts';
import { ON_DEVICE } from '#backup/kept/place-spec.ts';
import type { BackupProgress } from '#core/backups.ts';
import { restoreLock } from '#core/channels.ts';
import type { RestoreChoice } from '#core/restores.ts';
import { isHeld, openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { listRestores, restoreInfo } from '#store/restore/restore-rows.ts';
import type { RestoreRow } from '#store/schema/restore-meta-rows.ts';
import { HIGH } from '#store/schema/schema.ts';
import { openActive } from '#store/workspace.ts';
import { mint, must } from '#support/memory-workspace.ts';

const NOTES = 250;
const ALL: RestoreChoice = { way: 'overwrite', skipNewer: false, only: null };
const ports = { clock: systemClock, random: systemRandom, locks: webLocks };
const workers: Worker[] = [];
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

function startWorker() {
  const worker = new Worker(new URL('../../src/workers/backup.worker.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  const api: Remote<BackupWorkerApi> = wrap(worker);
  return { api, kill: () => worker.terminate() };
}

async function openWorld() {
  const { row, kv, store } = must(await openActive({ ...ports, openChannel }, { deviceName: 'Test' }, null));
  const save = async (id: string, text: string) => {
    const before = must(await store.get('note', id));
    const base = before ? { text: before.fields.text ?? '' } : {};
    must(await store.save({ kind: 'note', id, patch: { text }, base, baseSeq: before?.localSeq ?? 0, saveId: mint() }));
  };
  const all = async () =>
    must(await kv.read({ rows: { list: 'entities', lower: ['note'], upper: ['note', HIGH], limit: 5000 } })).rows;
  const count = async (text: string): Promise<number> => (await all()).filter(({ fields }) => fields.text === text).length;
  const restore = async (): Promise<RestoreRow | undefined> => must(await listRestores({ kv }))[0];
  return { id: row.id, kv, save, count, restore };
}

/** Runs a call, and ends its worker as soon as the restore is so far. */
async function killWhen(
  call: (api: Remote<BackupWorkerApi>) => Promise<unknown>,
  isSoFar: () => Promise<boolean>,
): Promise<void> {
  const { api, kill } = startWorker();
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  void call(api).then(over, over);
  await vi.waitUntil(async () => isOver || (await isSoFar()), { timeout: 30_000, interval: 1 });
  kill();
}

test('a restore that is ended at any step goes on, and so does its undo; the backups stay whole', async () => {
  const { id, kv, save, count, restore } = await openWorld();
  const notes = Array.from({ length: NOTES }, mint);
  for (const note of notes) await save(note, 'Before');
  const made = must(await startWorker().api.backUp(id, 'asked'));
  for (const note of notes) await save(note, 'After');
  const wholeBackups = async () => {
    const { api } = startWorker();
    const { backups, unreadable } = must(await api.list(id, ON_DEVICE));
    expect(unreadable).toEqual([]);
    for (const backup of backups) expect(must(await api.verify(id, backup.id, ON_DEVICE)).damaged).toEqual([]);
  };

  // While the backup before it is made: nothing is begun.
  const listed = async () => must(await startWorker().api.list(id, ON_DEVICE)).backups.length;
  const before = await listed();
  let looks = 0;
  await killWhen(
    (api) => api.restore(id, made.id, ALL),
    async () => ++looks > 3,
  );
  expect(await count('After')).toBe(NOTES);
  expect(await listed()).toBeLessThanOrEqual(before + 1);
  await wholeBackups();

  const isDone = (done: number) => async () => ((await restore())?.done ?? 0) >= done;
  await killWhen((api) => api.restore(id, made.id, ALL), isDone(1));
  const begun = must(await listRestores({ kv })).map(restoreInfo)[0];
  if (!begun) throw new Error('nothing was begun');
  for (const done of [100, 150, 200]) {
    const row = await restore();
    // What is said to be done is what is there: batch by batch, and nothing else.
    expect(await count('Before')).toBe(row?.changed);
    expect(row?.changed).toBeLessThanOrEqual(NOTES);
    await killWhen((api) => api.resume(id, begun.id), isDone(done));
  }
  await wholeBackups();
  expect(must(await startWorker().api.resume(id, begun.id))).toMatchObject({ state: 'applied' });
  expect(await count('Before')).toBe(NOTES);

  for (const left of [200, 150, 60]) {
    await killWhen(
      (api) => api.undo(id, begun.id),
      async () => (await count('Before')) <= left,
    );
    expect((await count('Before')) + (await count('After'))).toBe(NOTES);
  }
  expect(must(await startWorker().api.undo(id, begun.id))).toMatchObject({ state: 'undone', keptEdited: 0 });
  expect(await count('After')).toBe(NOTES);
  await wholeBackups();
  kv.close();
}, 120_000);

test('where files cannot be kept, each call answers with an error', async () => {
  const { id, kv } = await openWorld();
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast-backups', { create: true });
  await root.removeEntry(id, { recursive: true }).catch(() => {});
  // Something else has the name of the folder.
  await root.getFileHandle(id, { create: true });
  const { api } = startWorker();
  const failed = { ok: false, error: { type: 'PlaceFailed' } };
  expect(await api.backUp(id, 'asked')).toMatchObject(failed);
  expect(await api.list(id, ON_DEVICE)).toMatchObject(failed);
  expect(await api.verify(id, mint(), ON_DEVICE)).toMatchObject(failed);
  expect(await api.restore(id, mint(), ALL)).toMatchObject(failed);
  await root.removeEntry(id);
  kv.close();
});

test('a restore that waits for that of another tab says so, and ends at once when it is cancelled', async () => {
  const { id, save, count } = await openWorld();
  const note = mint();
  await save(note, 'Before this wait');
  const made = must(await startWorker().api.backUp(id, 'asked'));
  await save(note, 'After this wait');
  const { api } = startWorker();
  const phases: string[] = [];
  const watch = proxy(({ phase }: BackupProgress) => {
    phases.push(phase);
    return phases.length < 3;
  });
  await webLocks.hold(restoreLock(id), async () => {
    expect(await api.restore(id, made.id, ALL, watch)).toEqual({ ok: false, error: { type: 'BackupStopped' } });
  });
  expect(phases).toEqual(['waiting', 'waiting', 'waiting']);
  expect(await count('After this wait')).toBe(1);
});

test('a restore that waits for that of another tab goes on when it has ended', async () => {
  const { id, save, count } = await openWorld();
  const note = mint();
  await save(note, 'Before that wait');
  const made = must(await startWorker().api.backUp(id, 'asked'));
  await save(note, 'After that wait');
  const other = Promise.withResolvers<void>();
  const held = webLocks.hold(restoreLock(id), () => other.promise);
  const watch = proxy(({ phase }: BackupProgress) => {
    if (phase === 'waiting') other.resolve();
  });
  must(await startWorker().api.restore(id, made.id, ALL, watch));
  await held;
  expect(await count('Before that wait')).toBe(1);
});

test('the schedule can see that a restore is being written, until it has ended', async () => {
  const { id, save } = await openWorld();
  for (let n = 0; n < 120; n++) await save(mint(), 'Before');
  const made = must(await startWorker().api.backUp(id, 'asked'));
  const seen: boolean[] = [];
  const watch = proxy(async ({ phase }: BackupProgress) => {
    if (phase === 'restoring') seen.push(await isHeld(restoreLock(id)));
  });
  const { api } = startWorker();
  const { id: restoreId } = must(await api.restore(id, made.id, ALL, watch));
  expect(seen).toContain(true);
  expect(await isHeld(restoreLock(id))).toBe(false);
  must(await api.undo(id, restoreId));
  expect(await isHeld(restoreLock(id))).toBe(false);
});
