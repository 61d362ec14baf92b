import { expect, test } from 'vitest';
import { err } from '#core/result.ts';
import { carryBlobs } from '#store/accounts/bring-blobs.ts';
import { measureUsage } from '#store/accounts/usage.ts';
import { letGoUnused } from '#store/blobs/let-go.ts';
import { PURGED } from '#store/schema/schema.ts';
import { someBytes } from '#support/blob-bytes.ts';
import { entityRow, openBlobWorld } from '#support/blob-world.ts';
import { createMemoryBlobPlace } from '#support/memory-blob-place.ts';
import { must } from '#support/memory-workspace.ts';
import { describeBlobs } from './blobs.ts';

describeBlobs('files in memory', async () => {
  const { blobs, kv, place } = openBlobWorld();
  return { blobs, kv, files: async () => [...(place?.files.keys() ?? [])] };
});
describeBlobs('rows in memory', async () => {
  const { blobs, kv } = openBlobWorld({ files: null });
  return { blobs, kv, files: async () => null };
});

test('room is made of files that the server has and nothing has used for long, the others stay', async () => {
  for (const files of [createMemoryBlobPlace(), null]) {
    const { blobs, context, time } = openBlobWorld({ files });
    const put = async (seed: number, sent: boolean) => must(await blobs.put(someBytes(100_000, seed), { type: '', sent })).hash;
    const [old, read, unsent] = [await put(1, true), await put(2, true), await put(3, false)];
    time.ms += 40 * 24 * 3_600_000;
    must(await blobs.read(read));
    const fresh = await put(4, true);
    expect(must(await letGoUnused(context, time.ms - 30 * 24 * 3_600_000))).toBe(100_000);
    expect(must(await blobs.have([old, read, unsent, fresh]))).toEqual([read, unsent, fresh]);
  }
});

test('what entities name and this device lacks is found page by page, without what was let go or purged', async () => {
  const { blobs, kv } = openBlobWorld();
  const here = must(await blobs.put(someBytes(100_000), { type: '' })).hash;
  const gone = must(await blobs.put(someBytes(100_000, 2), { type: '', sent: true })).hash;
  must(await blobs.letGo(gone));
  const [wanted, other, purged] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
  const rows = [
    entityRow('note', '1', `files/${here} files/${wanted}.png`, { localSeq: 1 }),
    entityRow('canvas', '2', '', { localSeq: 2, raw: `{"files/${other}":1, "x": "files/${gone}"}` }),
    entityRow('note', '3', `files/${purged}`, { localSeq: 3, place: PURGED }),
  ];
  must(await kv.transact({}, () => ({ writes: rows.map((row) => ({ put: 'entities', row }) as const), value: null })));
  expect(must(await blobs.missing(0, 1))).toEqual({ hashes: [wanted], next: 1, isEnd: false });
  expect(must(await blobs.missing(1, 10))).toEqual({ hashes: [other], next: 3, isEnd: true });
  expect(must(await blobs.missing(3, 10))).toEqual({ hashes: [], next: 3, isEnd: true });
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
  must(await from.blobs.letGo(away));
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
  expect(must(await measureUsage(into.kv)).files).toEqual([{ group: 'image', files: 3, bytes: 200_050 }]);
});
