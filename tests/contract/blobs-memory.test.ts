import { describe, expect, test } from 'vitest';
import { MAX_MISSING_HASHES } from '#core/blob-protocol.ts';
import { MAX_OP_BLOBS } from '#core/blobs.ts';
import { err, ok } from '#core/result.ts';
import { carryBlobs } from '#store/accounts/bring-blobs.ts';
import { measureUsage } from '#store/accounts/usage.ts';
import { createBlobFill } from '#store/blobs/blob-fill.ts';
import { createBlobQueue } from '#store/blobs/blob-queue.ts';
import { createBlobStore } from '#store/blobs/create-blob-store.ts';
import { findBlobWork } from '#store/blobs/find-blob-work.ts';
import { askAll, asWay } from '#store/schema/blob-way.ts';
import type { MetaRow } from '#store/schema/meta-rows.ts';
import { BINNED, type EntityRow, PURGED } from '#store/schema/schema.ts';
import { hashOf, someBytes } from '#support/blob-bytes.ts';
import { entityRow, letGo, noteAsked, openBlobWorld } from '#support/blob-world.ts';
import { createMemoryBlobPlace } from '#support/memory-blob-place.ts';
import { must } from '#support/memory-workspace.ts';
import { describeBlobs } from './blobs.ts';

describeBlobs('files in memory', async () => {
  const { blobs, kv, place, context } = openBlobWorld();
  return { blobs, kv, files: async () => [...(place?.files.keys() ?? [])], letGo: (hash) => letGo(context, hash) };
});
describeBlobs('rows in memory', async () => {
  const { blobs, kv, context } = openBlobWorld({ files: null });
  return { blobs, kv, files: async () => null, letGo: (hash) => letGo(context, hash) };
});

const DAY = 24 * 3_600_000;

type Kv = ReturnType<typeof openBlobWorld>['kv'];
const write = async (kv: Kv, ...rows: readonly EntityRow[]) =>
  must(await kv.transact({}, () => ({ writes: rows.map((row) => ({ put: 'entities', row }) as const), value: undefined })));

/** A note that the server has as it is here, and that names these. */
const nameAll = (kv: Kv, id: string, hashes: readonly string[], more: Partial<EntityRow> = {}) =>
  write(kv, entityRow('note', id, hashes.map((hash) => `files/${hash}`).join(' '), { version: 'v', ...more }));

test('room is made of files that the server has and nothing has used for long, the others stay', async () => {
  for (const files of [createMemoryBlobPlace(), null]) {
    const { blobs, time, kv } = openBlobWorld({ files });
    const put = async (seed: number, sent: boolean) => must(await blobs.put(someBytes(100_000, seed), { type: '', sent })).hash;
    const [oldest, old, read, unsent] = [await put(1, true), await put(5, true), await put(2, true), await put(3, false)];
    time.ms += 20 * DAY;
    must(await blobs.read(old));
    time.ms += 31 * DAY;
    must(await blobs.read(read));
    time.ms += 1.5 * DAY;
    const fresh = await put(4, true);
    const all = [oldest, old, read, unsent, fresh];
    await nameAll(kv, 'n', all);
    const unusedMs = 30 * DAY;
    const way = { ...asWay(undefined), askedAt: time.ms };
    const note = async (row: MetaRow) =>
      must(await kv.transact({}, () => ({ writes: [{ put: 'meta', row }], value: undefined })));
    // It has begun another life, and has not been asked about this one.
    await note(askAll(way, 'restored'));
    expect(must(await blobs.letGoUnused({ unusedMs }))).toEqual({ files: 0, bytes: 0 });
    await note(way);
    // Of two, the one used longest ago; nothing more than is needed.
    expect(must(await blobs.letGoUnused({ unusedMs, bytes: 60_000 }))).toEqual({ files: 1, bytes: 100_000 });
    expect(must(await blobs.have(all))).toEqual([old, read, unsent, fresh]);
    expect(must(await blobs.letGoUnused({ unusedMs }))).toEqual({ files: 1, bytes: 100_000 });
    // What may still be on a screen stays, whatever is asked for.
    expect(must(await blobs.letGoUnused({ unusedMs: 0 }))).toEqual({ files: 0, bytes: 0 });
    expect(must(await blobs.have(all))).toEqual([read, unsent, fresh]);
    time.ms += 3 * DAY;
    expect(must(await blobs.letGoUnused({ unusedMs: 0 }))).toEqual({ files: 2, bytes: 200_000 });
    expect(must(await blobs.have(all))).toEqual([unsent]);
  }
});

test('only what a note names in the version that the server has goes: what a revision or an unsent change alone names is nowhere else', async () => {
  const { blobs, time, kv, context } = openBlobWorld();
  const put = async (seed: number) => must(await blobs.put(someBytes(1000, seed), { type: '', sent: true })).hash;
  const hashes: string[] = [];
  for (let seed = 0; seed < 11; seed++) hashes.push(await put(seed));
  const [live = '', binned = '', raw = '', ...others] = hashes;
  const [purged = '', queued = '', sent = '', unsaved = '', unreturned = '', earlier = '', base = '', nothing = ''] = others;
  await nameAll(kv, '1', [live]);
  await nameAll(kv, '2', [binned], { place: BINNED });
  await write(kv, entityRow('canvas', '3', '', { version: 'v', raw: `{"files/${raw}":1}` }));
  await nameAll(kv, '4', [purged], { place: PURGED });
  await nameAll(kv, '5', [queued], { queued: 'op' });
  await nameAll(kv, '6', [sent], { sent: 'op' });
  await nameAll(kv, '7', [unsaved], { version: null });
  await nameAll(kv, '8', [unreturned], { unreturned: 'v' });
  const of = { kind: 'note', id: '1', v: 1, stamps: {} };
  const state = { ...of, order: 1, at: 0, fields: { text: `files/${earlier}` }, stamp: '', reason: 'edit' } as const;
  const had = { ...of, fields: { text: `files/${base}` }, version: 'v', deleted: false };
  const writes = [{ put: 'history', row: state } as const, { put: 'bases', row: had } as const];
  must(await kv.transact({}, () => ({ writes, value: undefined })));
  time.ms += 40 * DAY;
  must(await noteAsked(context));
  expect(must(await blobs.letGoUnused({ unusedMs: 0 }))).toEqual({ files: 3, bytes: 3000 });
  expect(must(await blobs.have(hashes))).toEqual([purged, queued, sent, unsaved, unreturned, earlier, base, nothing]);
});

test('what an op has no room to name stays, because the server does not keep it', async () => {
  const { blobs, time, kv, context } = openBlobWorld();
  const put = async (seed: number) => must(await blobs.put(someBytes(10, seed), { type: '', sent: true })).hash;
  const [first, last] = [await put(1), await put(2)];
  const others = Array.from({ length: MAX_OP_BLOBS - 1 }, (_, at) => at.toString(16).padStart(64, '0'));
  await nameAll(kv, 'n', [first, ...others, last]);
  time.ms += 3 * DAY;
  must(await noteAsked(context));
  expect(must(await blobs.letGoUnused({ unusedMs: 0 })).files).toBe(1);
  expect(must(await blobs.have([first, last]))).toEqual([last]);
});

test('what the server said more than a week ago is asked again before anything goes, however far apart its answers came', async () => {
  const { blobs, time, kv, context } = openBlobWorld();
  const queue = createBlobQueue(context);
  const hashes: string[] = [];
  for (let seed = 0; seed < MAX_MISSING_HASHES + 1; seed++)
    hashes.push(must(await blobs.put(someBytes(10, seed), { type: '', sent: true })).hash);
  await nameAll(kv, 'n', hashes.slice(0, 2));
  const answer = async () => {
    const question = must(await queue.question());
    if (question) must(await queue.answer(question, []));
    return question?.hashes.length ?? 0;
  };
  const goes = async () => must(await blobs.letGoUnused({ unusedMs: 0, bytes: 1 })).files;
  time.ms += 3 * DAY;
  // Nobody has ever been asked.
  expect(await goes()).toBe(0);
  expect(await answer()).toBe(MAX_MISSING_HASHES);
  time.ms += 31 * DAY;
  expect(await answer()).toBe(1);
  // The first page is a month old.
  expect(await goes()).toBe(0);
  expect([await answer(), await answer(), await answer()]).toEqual([MAX_MISSING_HASHES, 1, 0]);
  expect(await goes()).toBe(1);
  time.ms += 6 * DAY;
  expect(await goes()).toBe(1);
  await nameAll(kv, 'n', hashes);
  time.ms += DAY;
  expect(await goes()).toBe(0);
});

test('letting go shows how far it is, ends where it is canceled, and takes any number of files', async () => {
  const { blobs, time, kv, context } = openBlobWorld({ files: createMemoryBlobPlace() });
  const hashes: string[] = [];
  for (let seed = 0; seed < 450; seed++) hashes.push(must(await blobs.put(someBytes(10, seed), { type: '', sent: true })).hash);
  await nameAll(kv, 'n', hashes);
  time.ms += 3 * DAY;
  must(await noteAsked(context));
  const seen: number[] = [];
  const watch = async (bytes: number): Promise<boolean> => {
    seen.push(bytes);
    return bytes < 2000;
  };
  expect(must(await blobs.letGoUnused({ unusedMs: 0, watch }))).toEqual({ files: 200, bytes: 2000 });
  expect(seen).toEqual(Array.from({ length: 201 }, (_, at) => at * 10));
  expect(must(await blobs.letGoUnused({ unusedMs: 0 }))).toEqual({ files: 250, bytes: 2500 });
});

test('a file that is read while others are let go stays', async () => {
  const { blobs, time, kv, context } = openBlobWorld();
  const [first, second] = [
    must(await blobs.put(someBytes(100_000, 1), { type: '', sent: true })).hash,
    must(await blobs.put(someBytes(100_000, 2), { type: '', sent: true })).hash,
  ];
  await nameAll(kv, 'n', [first, second]);
  time.ms += 40 * DAY;
  must(await noteAsked(context));
  const others = { [first]: second, [second]: first };
  let read = '';
  const watch = async (bytes: number): Promise<void> => {
    if (bytes > 0 || read !== '') return;
    // Whichever is next, the other one is opened.
    read = second;
    must(await blobs.read(second));
  };
  expect(must(await blobs.letGoUnused({ unusedMs: 30 * DAY, watch })).files).toBe(1);
  expect(must(await blobs.have([first, second]))).toEqual([others[first]]);
});

describe('a file that finds no room', () => {
  /** A disk of 1 MB, with what `caches` of it can be made again. */
  function openSmall(caches = 0) {
    const place = createMemoryBlobPlace();
    let cacheBytes = caches;
    const used = (): number => [...place.files.values()].reduce((sum, { length }) => sum + length, cacheBytes);
    place.onStep = (step) => {
      if (step === 'finish' && used() > 1_000_000) throw new DOMException('no room', 'QuotaExceededError');
    };
    const freeCaches = async () => {
      cacheBytes = 0;
      return ok(undefined);
    };
    const world = openBlobWorld({ files: place, freeCaches });
    const put = async (seed: number, sent: boolean, size = 400_000) => {
      const bytes = someBytes(size, seed);
      await nameAll(world.kv, `n${seed}`, [hashOf(bytes)]);
      must(await noteAsked(world.context));
      return world.blobs.put(new Blob([bytes]), { type: '', sent });
    };
    return { ...world, place, put, cacheBytes: () => cacheBytes };
  }

  test('gets that of what can be made again, before any file goes', async () => {
    const { put, time, blobs, cacheBytes } = openSmall(500_000);
    const old = must(await put(1, true)).hash;
    time.ms += 40 * DAY;
    must(await put(2, true));
    expect(cacheBytes()).toBe(0);
    expect(must(await blobs.have([old]))).toEqual([old]);
  });

  test('then that of the file used longest ago, and no more', async () => {
    const { put, time, blobs } = openSmall();
    const first = must(await put(1, true)).hash;
    time.ms += 5 * DAY;
    const second = must(await put(2, true)).hash;
    time.ms += 5 * DAY;
    const third = must(await put(3, false)).hash;
    expect(must(await blobs.have([first, second, third]))).toEqual([second, third]);
  });

  test('is refused where only what the server lacks, or what was just used, could go; nothing of it stays', async () => {
    const { put, time, blobs, place } = openSmall();
    const unsent = must(await put(1, false)).hash;
    time.ms += 40 * DAY;
    const shown = must(await put(2, true)).hash;
    time.ms += DAY;
    expect(await put(3, false)).toEqual(err({ type: 'QuotaExceeded' }));
    expect(must(await blobs.have([unsent, shown]))).toEqual([unsent, shown]);
    expect(place.files.size).toBe(2);
  });

  test('a stream is refused once, and finds the room when it is given again', async () => {
    const { put, time, blobs, context } = openSmall();
    for (const seed of [1, 2]) must(await put(seed, true));
    time.ms += 40 * DAY;
    must(await noteAsked(context));
    const stream = () => new Blob([someBytes(400_000, 3)]).stream();
    expect(await blobs.put(stream(), { type: '', sent: true })).toEqual(err({ type: 'QuotaExceeded' }));
    must(await blobs.put(stream(), { type: '', sent: true }));
  });
});

test('what entities name and this device lacks is to be fetched, without what was let go or purged', async () => {
  const { blobs, kv, context } = openBlobWorld();
  const here = must(await blobs.put(someBytes(100_000), { type: '' })).hash;
  const gone = must(await blobs.put(someBytes(100_000, 2), { type: '', sent: true })).hash;
  must(await letGo(context, gone));
  const [wanted, other, purged] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
  const rows = [
    entityRow('note', '1', `files/${here} files/${wanted}.png`, { localSeq: 1 }),
    entityRow('canvas', '2', '', { localSeq: 2, raw: `{"files/${other}":1, "x": "files/${gone}"}` }),
    entityRow('note', '3', `files/${purged}`, { localSeq: 3, place: PURGED }),
  ];
  must(await kv.transact({}, () => ({ writes: rows.map((row) => ({ put: 'entities', row }) as const), value: null })));
  expect(must(await createBlobFill(context).next()).hashes).toEqual([other, wanted]);
});

test('a disk that is full at any step leaves nothing, and says so as a save does', async () => {
  const steps = ['begin', 'write', 'finish', 'keep', 'row'] as const;
  for (const step of steps) {
    const place = createMemoryBlobPlace();
    const { kv } = openBlobWorld();
    const full: typeof kv = { ...kv, transact: async () => err({ type: 'QuotaExceeded' }) };
    const { blobs } = openBlobWorld({ files: place, kv: step === 'row' ? full : kv });
    place.onStep = (now) => {
      if (now === step) throw new DOMException('no room', 'QuotaExceededError');
    };
    expect(await blobs.put(someBytes(200_000), { type: '' })).toEqual(err({ type: 'QuotaExceeded' }));
    expect({ step, files: place.files.size, rows: must(await kv.read({ rows: { count: 'blobs' } })).rows }).toEqual({
      step,
      files: 0,
      rows: 0,
    });
  }
});

test('what entities and their revisions name comes along into another workspace, as new there; nothing else does', async () => {
  const [from, into] = [openBlobWorld(), openBlobWorld()];
  const put = async (seed: number, size = 100_000) =>
    must(await from.blobs.put(someBytes(size, seed), { type: 'image/png', width: 4, height: 3, sent: true })).hash;
  const [named, earlier, small, unnamed, away] = [await put(1), await put(2), await put(3, 50), await put(4), await put(5)];
  must(await from.blobs.putThumbnail(named, new Blob(['thumbnail'], { type: 'image/webp' })));
  must(await letGo(from.context, away));
  const fields = { text: `files/${earlier}` };
  const state = { kind: 'note', id: 'n', order: 1, at: 0, fields, stamp: '', reason: 'edit' } as const;
  const row = entityRow('note', 'n', `files/${named} files/${small} files/${away} files/${'f'.repeat(64)}`);
  const writes = [{ put: 'entities', row } as const, { put: 'history', row: state } as const];
  must(await from.kv.transact({}, () => ({ writes, value: null })));
  const carry = carryBlobs(from.kv, from.blobs, into.blobs);
  for (let time = 0; time < 2; time++) must(await carry([['note', 'n']]));
  const all = [named, earlier, small, unnamed, away];
  expect(must(await into.blobs.have(all))).toEqual([named, earlier, small]);
  expect(must(await into.blobs.info([named]))).toMatchObject([{ type: 'image/png', width: 4, height: 3, sent: false }]);
  expect(must(await into.blobs.readBytes(named))).toEqual(someBytes(100_000, 1));
  expect(await must(await into.blobs.thumbnails([named]))[0]?.text()).toBe('thumbnail');
  expect(must(await measureUsage(into.kv, into.time.ms)).files).toEqual([{ group: 'image', files: 3, bytes: 200_050 }]);
});

test('files are counted by kind, with their thumbnails, what may go, and what has gone', async () => {
  for (const files of [createMemoryBlobPlace(), null]) {
    const { blobs, kv, time, context } = openBlobWorld({ files });
    const put = async (type: string, size: number, sent = true) => must(await blobs.put(someBytes(size), { type, sent })).hash;
    const picture = await put('image/png', 300_000);
    must(await blobs.putThumbnail(picture, new Blob([someBytes(800)], { type: 'image/webp' })));
    // Made again: it is counted once.
    must(await blobs.putThumbnail(picture, new Blob([someBytes(900)], { type: 'image/webp' })));
    await put('audio/mpeg', 200_000, false);
    const documents = [await put('application/pdf', 70_000), await put('application/pdf', 10)];
    await nameAll(kv, 'n', [picture, ...documents]);
    const unnamed = await put('application/pdf', 20);
    const gone = await put('image/gif', 90_000);
    must(await letGo(context, gone));
    const look = async () => {
      const { kinds: _, history: _history, backups: _backups, ...rest } = must(await measureUsage(kv, time.ms));
      return rest;
    };
    const byKind = [
      { group: 'image', files: 1, bytes: 300_000 },
      { group: 'audio', files: 1, bytes: 200_000 },
      { group: 'application', files: 3, bytes: 70_030 },
    ];
    const shared = { files: byKind, thumbnails: { files: 1, bytes: 900 }, letGo: { files: 1, bytes: 90_000 } };
    expect(await look()).toEqual({ ...shared, spare: { files: 0, bytes: 0 } });
    time.ms += 3 * DAY;
    must(await noteAsked(context));
    const before = await look();
    expect(before).toEqual({ ...shared, spare: { files: 3, bytes: 370_010 } });
    // What is said to be free is what becomes free, and a thumbnail stays where its picture goes.
    expect(must(await blobs.letGoUnused({ unusedMs: 0 }))).toEqual(before.spare);
    expect(await look()).toMatchObject({
      files: [...byKind.slice(1, 2), { group: 'application', files: 1, bytes: 20 }],
      thumbnails: { files: 1, bytes: 900 },
      spare: { files: 0 },
      letGo: { files: 4 },
    });
    expect(must(await blobs.have([unnamed]))).toEqual([unnamed]);
    must(await blobs.put(someBytes(300_000), { type: '', sent: true }));
    expect(await look()).toMatchObject({ thumbnails: { files: 1, bytes: 900 }, letGo: { files: 3 } });
  }
});

test('a file whose bytes are not those of its name gets no row, and goes; a whole one does', async () => {
  const { blobs, place, kv } = openBlobWorld();
  const hashes: string[] = [];
  for (const seed of [1, 2]) hashes.push(must(await blobs.put(someBytes(100_000, seed), { type: '' })).hash);
  const [whole = '', damaged = ''] = hashes;
  // The browser has lost the database, and the disk a bit of one file.
  must(await kv.transact({}, () => ({ writes: hashes.map((key) => ({ delete: 'blobs', key }) as const), value: undefined })));
  const bytes = place?.files.get(damaged);
  if (bytes) bytes[5] = (bytes[5] ?? 0) ^ 1;
  must(await blobs.sweep());
  expect(must(await blobs.have(hashes))).toEqual([whole]);
  expect([...(place?.files.keys() ?? [])]).toEqual([whole]);
});

test('a file that has lost its row is read at once, and what is damaged or was let go is not', async () => {
  const { blobs, context, place, kv } = openBlobWorld();
  const put = async (seed: number): Promise<string> =>
    must(await blobs.put(someBytes(100_000, seed), { type: '', sent: true })).hash;
  const [whole, damaged, gone] = [await put(1), await put(2), await put(3)];
  must(await letGo(context, gone));
  const deleted = [whole, damaged].map((key) => ({ delete: 'blobs', key }) as const);
  must(await kv.transact({}, () => ({ writes: deleted, value: undefined })));
  place?.files.get(damaged)?.fill(0);
  expect(must(await blobs.readBytes(whole))).toEqual(someBytes(100_000, 1));
  expect(must(await blobs.info([whole]))).toMatchObject([{ here: true, sent: false }]);
  expect(must(await blobs.read(damaged))).toBeNull();
  expect(must(await blobs.read(gone))).toBeNull();
  expect([...(place?.files.keys() ?? [])]).toEqual([whole]);
});

test('a refused file whose time has come is sent, however many smaller ones wait for longer', async () => {
  const { blobs, context, kv, time } = openBlobWorld({ files: null });
  const queue = createBlobQueue(context);
  const why = { error: { type: 'ServerFull' }, says: '' } as const;
  for (let seed = 0; seed < 150; seed++) {
    const { hash } = must(await blobs.put(someBytes(100 + seed, seed), { type: '' }));
    for (let times = 0; times < 3; times++) must(await queue.refuse(hash, why));
  }
  const { hash } = must(await blobs.put(someBytes(5000, 500), { type: '' }));
  must(await queue.refuse(hash, why));
  expect(must(await queue.unsent(20))).toEqual([]);
  time.ms += 70_000;
  expect(must(await queue.unsent(20))).toMatchObject([{ hash }]);
  expect(must(await findBlobWork(kv, time.ms))).toEqual({ waiting: 0, isMore: true });
});

test('what is claimed while a collection reads stays: a backup that is being brought names it next', async () => {
  const { blobs, time, context } = openBlobWorld();
  const { hash } = must(await blobs.put(someBytes(1000, 1), { type: '' }));
  for (let month = 0; month < 2; month++) {
    time.ms += 31 * DAY;
    if (month === 0) expect(must(await blobs.collect(true)).hashes).toEqual([]);
  }
  const slow = createBlobStore({
    ...context,
    async *backupTexts() {
      yield '';
      expect(must(await blobs.claim([hash, 'e'.repeat(64)]))).toEqual([hash]);
    },
  });
  expect(must(await slow.collect(true)).hashes).toEqual([]);
  expect(must(await blobs.have([hash]))).toEqual([hash]);
});

test('whoever names a file is found among the kinds that are asked for, in the bin or not, behind any number of others', async () => {
  const { blobs, kv } = openBlobWorld();
  const [a = '', b = '', c = '', d = '', unnamed = ''] = [1, 2, 3, 4, 5].map((seed) => hashOf(someBytes(10, seed)));
  await write(kv, ...Array.from({ length: 250 }, (_, at) => entityRow('note', `n${1000 + at}`, 'Words.')));
  await nameAll(kv, 'n1120', [a], { place: BINNED });
  await nameAll(kv, 'n1230', [a, b]);
  await nameAll(kv, 'n0', [c], { place: PURGED });
  await write(kv, entityRow('message', 'm', '', { fields: { attachments: [{ reference: `files/${d}.pdf` }] } }));
  await write(kv, entityRow('conflict', 'c', `files/${c}`), entityRow('notebook', 'o', `files/${c}`));
  expect(must(await blobs.users([a, b, c, d, unnamed], ['note', 'message']))).toEqual([
    { hash: a, kind: 'note', id: 'n1120' },
    { hash: b, kind: 'note', id: 'n1230' },
    { hash: d, kind: 'message', id: 'm' },
  ]);
});
