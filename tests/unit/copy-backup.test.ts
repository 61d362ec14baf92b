/** Backups copied from one place to another by difference, over places in memory that can be cut off at any call. */
import { expect, test } from 'vitest';
import { filesIn } from '#backup/kept/copy-backup.ts';
import { caught, Failure } from '#backup/kept/failure.ts';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import type { BackupProgress } from '#core/backups.ts';
import { hashBytes } from '#core/hash.ts';
import { createStop } from '#core/stop.ts';
import { ledger } from '#entities/index.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemRandom } from '#platform/system.ts';
import { MINUTE, openBackupWorld } from '#support/backup-world.ts';
import { createMemoryPlace } from '#support/memory-place.ts';
import { mint, must } from '#support/memory-workspace.ts';

const DAY = 24 * 60 * MINUTE;

/** A workspace with its device's backups, a second place, and files of which the device has those in `bytes`. */
async function openCopies() {
  const world = await openBackupWorld();
  const there = createMemoryPlace(() => world.time.ms);
  const kept = createKeptBackups({
    ...{
      place: there,
      lock: 'there',
      ledger,
      clock: world.clock,
      random: systemRandom,
      locks: createOwnLocks(),
      offsetMinutes: 0,
    },
  });
  const bytes = new Map<string, Blob>();
  const files = { from: { read: async (hash: string) => bytes.get(hash) ?? null }, to: filesIn(there) };
  const copy = (id: string, run: object = {}) =>
    caught(async () => kept.receive(await world.kept.find(id), { ...world.run, from: world.place, files, ...run }));
  const addFile = (text: string, isHere = true): string => {
    const content = new TextEncoder().encode(text);
    const hash = hashBytes(content);
    if (isHere) bytes.set(hash, new Blob([content]));
    return hash;
  };
  return { ...world, there, copies: kept, copy, addFile, files };
}

/** A backup of many notes, one of which names a picture that the device has. */
async function backUpWithPicture() {
  const world = await openCopies();
  const hash = world.addFile('a picture');
  await world.writeNotes(200);
  await world.save('note', mint(), { text: `files/${hash}.png` });
  return { world, hash, made: must(await world.backUp()) };
}

test('a copy has all records and the files that they name, and the next one writes what has changed', async () => {
  const world = await openCopies();
  const { there, writeNotes, save } = world;
  const hash = world.addFile('a picture');
  const [first = ''] = await writeNotes(300);
  await save('note', first, { text: `![](files/${hash}.png)` });
  const made = must(await world.backUp());
  expect(must(await world.copy(made.id))).toMatchObject({ lackingFiles: 0, info: { id: made.id, verifiedAt: made.madeAt } });
  expect(await world.linesOf(made.id, there)).toEqual(await world.linesOf(made.id));
  expect(there.files.get(`files/${hash}`)).toEqual(new TextEncoder().encode('a picture'));

  there.calls.length = 0;
  await save('note', first, { title: 'Other' });
  const next = must(await world.backUp());
  must(await world.copy(next.id));
  const written = there.calls.filter((call) => call.startsWith('write '));
  expect(written.filter((call) => call.includes('parts/')).length).toBeLessThanOrEqual(2);
  expect(written.some((call) => call.includes('files/'))).toBe(false);
  expect(written.at(-1)).toBe(`write ${next.id}.json.gz`);
  expect(await world.linesOf(next.id, there)).toEqual(await world.linesOf(next.id));
});

test('a copy that ends at any call is not listed, and the next one goes on', async () => {
  const { world, made } = await backUpWithPicture();
  let at = 0;
  for (let isWhole = false; !isWhole; at++) {
    let calls = 0;
    world.there.before = () => {
      if (calls++ === at) throw new Failure({ type: 'PlaceGone' });
    };
    isWhole = (await world.copy(made.id)).ok;
    world.there.before = () => {};
    if (isWhole) continue;
    const { backups } = await world.copies.list();
    // What came to its end but for its tidying counts: all of it is there.
    for (const { id } of backups) expect(await world.linesOf(id, world.there)).toEqual(await world.linesOf(id));
  }
  expect(at).toBeGreaterThan(10);
  expect((await world.copies.list()).backups).toHaveLength(1);
});

test('files that are not here are counted, and copied once they are', async () => {
  const world = await openCopies();
  const hash = world.addFile('on the server', false);
  await world.save('note', mint(), { text: `files/${hash}.pdf` });
  const made = must(await world.backUp());
  expect(must(await world.copy(made.id)).lackingFiles).toBe(1);
  world.addFile('on the server');
  expect(must(await world.copy(made.id)).lackingFiles).toBe(0);
  expect(world.there.files.has(`files/${hash}`)).toBe(true);
});

test('a part that is damaged at the source, or comes back otherwise than it was written, makes no copy', async () => {
  const world = await openCopies();
  await world.writeNotes(100);
  const made = must(await world.backUp());
  const path = [...world.place.files.keys()].find((one) => one.startsWith('parts/')) ?? '';
  const whole = world.place.files.get(path) as Uint8Array<ArrayBuffer>;
  world.place.files.set(
    path,
    whole.map((byte) => byte ^ 1),
  );
  expect(await world.copy(made.id)).toMatchObject({ error: { type: 'BackupDamaged' } });
  world.place.files.set(path, whole);
  const write = world.there.write;
  world.there.write = (to, given) => write(to, to.startsWith('parts/') ? given.map((byte) => byte ^ 1) : given);
  expect(await world.copy(made.id)).toMatchObject({ error: { type: 'PlaceFailed' } });
  expect((await world.copies.list()).backups).toHaveLength(0);
});

test('one that is stopped ends between two parts', async () => {
  const world = await openCopies();
  await world.writeNotes(300);
  const made = must(await world.backUp());
  const stop = createStop();
  const seen: number[] = [];
  const tell = ({ done, total }: BackupProgress): void => {
    seen.push(done / (total ?? 1));
    if (seen.length === 2) stop.abort();
  };
  expect(await world.copy(made.id, { signal: stop.signal, tell })).toMatchObject({ error: { type: 'BackupStopped' } });
  expect(seen).toHaveLength(2);
  expect((await world.copies.list()).backups).toHaveLength(0);
});

test('files that no backup of the place names any more go with the last that did', async () => {
  const world = await openCopies();
  const hash = world.addFile('a picture');
  const id = await world.save('note', mint(), { text: `files/${hash}.png` });
  const made = must(await world.backUp());
  must(await world.copy(made.id));
  await world.save('note', id, { text: 'without' });
  const next = must(await world.backUp());
  must(await world.copy(next.id));
  expect(world.there.files.has(`files/${hash}`)).toBe(true);
  await world.copies.remove(made.id);
  expect(world.there.files.has(`files/${hash}`)).toBe(false);
});

test('a live mirror is made where it lies, with files, by difference, and takes the place of the one before it alone', async () => {
  const world = await openCopies();
  const mirror = () => {
    world.time.ms += 10_000;
    return caught(() => world.copies.mirror({ ...world.about, rows: world.rows }, world.files, world.run));
  };
  const hash = world.addFile('a picture');
  const [id = ''] = await world.writeNotes(300);
  must(await world.copy(must(await world.backUp()).id));
  must(await mirror());
  await world.save('note', id, { text: `![](files/${hash}.png)` });
  world.there.calls.length = 0;
  const second = must(await mirror());
  expect(world.there.calls.filter((call) => call.startsWith('write parts/')).length).toBeLessThanOrEqual(2);
  expect(second.info).toMatchObject({ reason: 'mirror', isShrunken: false });
  expect(world.there.files.has(`files/${hash}`)).toBe(true);
  expect((await world.copies.list()).backups.map(({ reason }) => reason)).toEqual(['mirror', 'schedule']);
  expect((await world.linesOf(second.info.id, world.there, world.copies)).some((line) => line.includes(hash))).toBe(true);
});

test('the files of a live mirror are counted as they are copied, and it ends between two of them', async () => {
  const world = await openCopies();
  const hashes = ['one picture', 'another picture', 'a third picture'].map((text) => world.addFile(text));
  await world.save('note', mint(), { text: hashes.map((hash) => `files/${hash}.png`).join(' ') });
  const stop = createStop();
  const told: BackupProgress[] = [];
  const tell = (progress: BackupProgress): void => {
    if (progress.phase === 'copying') told.push(progress);
    // Of three.
    if (told.length === 2) stop.abort();
  };
  const run = { ...world.run, signal: stop.signal, tell };
  const stopped = await caught(() => world.copies.mirror({ ...world.about, rows: world.rows }, world.files, run));
  expect(stopped).toEqual({ ok: false, error: { type: 'BackupStopped' } });
  expect([...world.there.files.keys()].filter((path) => path.startsWith('files/'))).toHaveLength(2);
});

test('what a write that was killed has left empty under its name is written again, and no list that was left so keeps anything', async () => {
  const { world, hash, made } = await backUpWithPicture();
  const parts = [...world.place.files.keys()].filter((path) => path.startsWith('parts/'));
  // A folder that was picked has the file before it has its bytes.
  for (const path of [...parts, `files/${hash}`, `${mint()}.json.gz`]) await world.there.write(path, new Uint8Array());
  must(await world.copy(made.id));
  expect(must(await caught(() => world.copies.verify(made.id, null, world.run))).damaged).toEqual([]);
  expect(world.there.files.get(`files/${hash}`)).toEqual(new TextEncoder().encode('a picture'));
  expect((await world.copies.list()).unreadable).toEqual([]);
});

test('what is brought again, after it was released, stays until it is released again', async () => {
  const world = await openCopies();
  await world.writeNotes(50);
  const made = must(await world.backUp());
  const other = await openBackupWorld();
  const manifest = {
    ...(await world.kept.find(made.id)),
    reason: 'safety' as const,
    from: { type: 'folder' as const, name: 'f' },
  };
  const bring = () => other.kept.receive(manifest, { ...world.run, from: world.place, files: null });
  await bring();
  await other.kept.pin(made.id, 0);
  expect((await bring()).info.isPinned).toBe(true);
  await other.save('note', mint(), { title: 'One' });
  must(await other.backUp());
  expect((await other.kept.list()).backups.map(({ id }) => id)).toContain(made.id);
  await other.kept.pin(made.id, 0);
  await other.save('note', mint(), { title: 'Two' });
  must(await other.backUp());
  expect((await other.kept.list()).backups.map(({ id }) => id)).not.toContain(made.id);
});

test('what was brought and only looked at goes after two weeks; what a restore names stays', async () => {
  const world = await openCopies();
  await world.writeNotes(50);
  const made = must(await world.backUp());
  const other = await openBackupWorld();
  const from = { type: 'server' as const, name: '' };
  const bring = async () =>
    other.kept.receive(
      { ...(await world.kept.find(made.id)), reason: 'safety', from },
      { ...world.run, from: world.place, files: null },
    );
  const backUpLater = async (ms: number): Promise<readonly string[]> => {
    other.time.ms += ms;
    await other.save('note', mint(), { title: 'One' });
    must(await other.backUp());
    return (await other.kept.list()).backups.map(({ id }) => id);
  };
  expect((await bring()).info).toMatchObject({ isPinned: true, keptUntil: other.time.ms + 14 * DAY });
  expect(await backUpLater(13 * DAY)).toContain(made.id);
  expect(await backUpLater(2 * DAY)).not.toContain(made.id);

  await bring();
  await other.kept.pin(made.id, null);
  expect((await bring()).info).toMatchObject({ isPinned: true, keptUntil: null });
  await other.kept.pin(made.id, other.time.ms + MINUTE);
  expect(await backUpLater(100 * DAY)).toContain(made.id);
});

test('what another workspace keeps in the same folder is removed by nobody else', async () => {
  const world = await openCopies();
  const other = await openCopies();
  await world.writeNotes(50);
  await other.writeNotes(50);
  const mirrorOf = (of: typeof world) => {
    world.time.ms += 10_000;
    return caught(() => world.copies.mirror({ ...of.about, rows: of.rows }, of.files, of.run));
  };
  const last = must(await mirrorOf(world)).info.id;
  must(await mirrorOf(other));
  const second = must(await mirrorOf(other)).info.id;
  expect((await world.copies.list()).backups.map(({ id }) => id)).toEqual([second, last]);
  world.time.ms += DAY;
  const snapshot = must(await world.copy(must(await world.backUp()).id)).info.id;
  for (let n = 0; n < 15; n++) {
    other.time.ms = world.time.ms + n * MINUTE;
    const made = must(await other.backUp());
    const manifest = await other.kept.find(made.id);
    await world.copies.receive(manifest, { ...other.run, from: other.place, files: null });
  }
  const left = (await world.copies.list()).backups.map(({ id }) => id);
  expect(left).toContain(snapshot);
  expect(await world.linesOf(snapshot, world.there)).toHaveLength(50);
});

test('a file whose bytes are not what they were, or cannot be read, keeps nothing else from being copied', async () => {
  const world = await openCopies();
  const [rotten, barred, whole] = ['rotten', 'barred', 'whole'].map((text) => world.addFile(text));
  await world.save('note', mint(), { text: `files/${rotten}.png files/${barred}.png files/${whole}.png` });
  const made = must(await world.backUp());
  const files = {
    to: world.files.to,
    async read(hash: string) {
      if (hash === rotten) return new Blob(['rottem']);
      const blob = (await world.files.from.read(hash))?.slice() ?? null;
      if (hash === barred && blob) {
        blob.stream = () => {
          throw new DOMException('it is locked', 'NotReadableError');
        };
      }
      return blob;
    },
  };
  const copy = () => world.copy(made.id, { files: { from: { read: files.read }, to: files.to } });
  expect(must(await copy()).lackingFiles).toBe(2);
  expect([...world.there.files.keys()].filter((path) => path.startsWith('files/'))).toEqual([`files/${whole}`]);
  expect(must(await world.copy(made.id)).lackingFiles).toBe(0);
});

test('a file that comes back otherwise than it was written is not taken for whole by the next copy', async () => {
  const world = await openCopies();
  const hash = world.addFile('a picture');
  await world.save('note', mint(), { text: `files/${hash}.png` });
  const made = must(await world.backUp());
  const write = world.there.write;
  world.there.write = (to, given) => write(to, to.startsWith('files/') ? given.map((byte) => byte ^ 1) : given);
  expect(await world.copy(made.id)).toMatchObject({ error: { type: 'PlaceFailed' } });
  world.there.write = write;
  must(await world.copy(made.id));
  expect(world.there.files.get(`files/${hash}`)).toEqual(new TextEncoder().encode('a picture'));
});

test('a file that this device has by now comes to the copy, though nothing has changed', async () => {
  const world = await openCopies();
  const hash = world.addFile('a picture', false);
  await world.save('note', mint(), { text: `files/${hash}.png` });
  const made = must(await world.backUp());
  expect(must(await world.copy(made.id))).toMatchObject({ lackingFiles: 1 });
  expect(await world.copies.fill(made.id, world.files, false, world.run)).toBe(1);
  world.addFile('a picture');
  expect(await world.copies.fill(made.id, world.files, false, world.run)).toBe(0);
  expect(world.there.files.get(`files/${hash}`)).toEqual(new TextEncoder().encode('a picture'));
});

test('a picture that was damaged in the folder is found when all is read there, and written anew', async () => {
  const { world, hash, made } = await backUpWithPicture();
  must(await world.copy(made.id));
  await world.there.write(`files/${hash}`, new TextEncoder().encode('a pixture'));
  expect(await world.copies.fill(made.id, world.files, false, world.run)).toBe(0);
  expect(new TextDecoder().decode(world.there.files.get(`files/${hash}`))).toBe('a pixture');
  expect(await world.copies.fill(made.id, world.files, true, world.run)).toBe(0);
  expect(new TextDecoder().decode(world.there.files.get(`files/${hash}`))).toBe('a picture');
});
