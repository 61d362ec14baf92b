/** What a page shows of a file before and while it comes to this device. */
import { expect, test } from 'vitest';
import { createFiles } from '#app/create-files.ts';
import { err, ok } from '#core/result.ts';
import { asFile, typeOfHead } from '#features/pictures/as-file.ts';
import { createBlobCalls } from '#store/calls/blob-calls.ts';
import type { BlobCalls } from '#store/calls/worker-api.ts';
import { someBytes } from '#support/blob-bytes.ts';
import { openBlobWorld } from '#support/blob-world.ts';
import { createMemoryBlobPlace } from '#support/memory-blob-place.ts';
import { must } from '#support/memory-workspace.ts';

const reads = { get: async () => ok(null), settingsId: 's', deviceId: 'd' };
const small = new Blob(['small'], { type: 'image/webp' });

type Calls = Parameters<typeof createFiles>[0];

function openFiles(
  fetchBlob: BlobCalls['fetchBlob'] = async () => err({ type: 'BlobMissing' }),
  over: (calls: Calls) => Calls = (calls) => calls,
) {
  const world = openBlobWorld({ files: createMemoryBlobPlace() });
  const calls = over(createBlobCalls(world.blobs, fetchBlob));
  /** Nothing is decoded outside a browser. */
  const prepare = async (file: Blob) =>
    ok({ ...asFile(file, await typeOfHead(file), file instanceof File ? file.name : ''), thumbnail: small });
  return { ...world, files: createFiles(calls, reads, async () => ({ prepare })) };
}

test('how much of a file has come is not said before its size is known', async () => {
  const shares: number[] = [];
  const { files } = openFiles(async (_, watch) => {
    for (const [bytes, size] of [
      [0, null],
      [0, 200],
      [50, 200],
    ] as const)
      await watch?.(bytes, size);
    return err({ type: 'BlobMissing' });
  });
  await files.fetch('ab'.repeat(32), 'png', { onProgress: (share) => shares.push(share) });
  expect(shares).toEqual([0, 0.25]);
});

test('one who no longer wants a file stops it, whether its size is known or not', async () => {
  const answers: unknown[] = [];
  const { files } = openFiles(async (_, watch) => {
    for (const size of [null, 200]) answers.push(await watch?.(0, size));
    return err({ type: 'Canceled' });
  });
  await files.fetch('ab'.repeat(32), 'png', { signal: AbortSignal.abort() });
  expect(answers).toEqual([false, false]);
});

test('a picture whose row was lost has its small picture again', async () => {
  const { files, blobs, kv } = openFiles();
  const { hash } = must(await blobs.put(someBytes(100_000), { type: 'image/png', width: 4, height: 4 }));
  must(await kv.transact({}, () => ({ writes: [{ delete: 'blobs', key: hash }], value: undefined })));
  expect(await files.thumbnail(hash)).toEqual(small);
  expect(must(await blobs.thumbnails([hash]))).not.toContain(null);
});

test('a document is not decoded for a small picture', async () => {
  const { files, blobs } = openFiles();
  const { hash } = must(await blobs.put(someBytes(100_000), { type: 'application/pdf' }));
  expect(await files.thumbnail(hash)).toBeNull();
});

test('a file whose store worker dies while it is kept is given to the next one, once', async () => {
  for (const [deaths, type] of [
    [1, null],
    [2, 'WorkerLost'],
  ] as const) {
    let puts = 0;
    const { files } = openFiles(undefined, (calls) => ({
      ...calls,
      putBlob: async (...args) => (++puts <= deaths ? err({ type: 'WorkerLost', reason: 'it died' }) : calls.putBlob(...args)),
    }));
    const added = await files.add(new File(['%PDF-1.7'], 'a.pdf'));
    expect(added.ok ? null : added.error.type).toBe(type);
    expect(puts).toBe(2);
  }
});

test('a file that is canceled when its store worker dies is given to no other', async () => {
  const stop = new AbortController();
  let puts = 0;
  const { files } = openFiles(undefined, (calls) => ({
    ...calls,
    putBlob: async () => {
      puts++;
      stop.abort();
      return err({ type: 'WorkerLost', reason: 'it died' });
    },
  }));
  const added = await files.add(new File(['%PDF-1.7'], 'a.pdf'), { signal: stop.signal });
  expect(added).toEqual(err({ type: 'Canceled' }));
  expect(puts).toBe(1);
});

test.each([
  ['a name that shows its end in its middle', 'leaf\u202egnp.exe', 'leafgnp.exe'],
  ['isolates', '\u2066a\u2069.pdf', 'a.pdf'],
  ['half of a character', 'a\ud83d.pdf', 'a\ufffd.pdf'],
  ['a name in another script', 'تصویر\u200c‌ها 🌱.pdf', 'تصویر\u200c‌ها 🌱.pdf'],
  ['300 characters', `${'x'.repeat(296)}.pdf`, `${'x'.repeat(296)}.pdf`],
])('a file is called as its name reads: %s', async (_, given, expected) => {
  const { files } = openFiles();
  expect(must(await files.add(new File(['%PDF-1.7'], given)))).toMatchObject({ name: expected });
});
