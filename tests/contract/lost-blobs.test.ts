/** What a device learns of blobs that its server has lost, from the answers that its words get. */
import { expect, test } from 'vitest';
import type { BlobHash } from '#core/blobs.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { someBytes } from '#support/blob-bytes.ts';
import { letGo, openBlobWorld } from '#support/blob-world.ts';
import { mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';

/** A note that names a blob which the server once had. */
async function start() {
  const { kv, store, context } = await openMemoryWorkspace();
  const { blobs, context: files } = openBlobWorld({ kv });
  const sync = createSyncStore(context);
  const { hash } = must(await blobs.put(someBytes(1000, 1), { type: '', sent: true }));
  must(
    await store.save({ kind: 'note', id: mint(), patch: { text: `![](files/${hash})` }, base: {}, baseSeq: 0, saveId: mint() }),
  );
  const claim = must(await sync.claim({ limit: 10, maxBytes: 1e6, force: true }));
  const [op] = claim.ops;
  if (!op) throw new Error('nothing claimed');
  const applied = (missingBlobs: BlobHash[]) =>
    ({ type: 'applied', opId: op.opId, rev: 1, seq: 1, acceptedAt: 1, missingBlobs }) as const;
  const position = { epoch: mint(), seq: 1, now: 1, seen: { seq: 1, opId: op.opId } };
  const isSent = async () => must(await blobs.info([hash]))[0]?.sent;
  return { kv, blobs, files, sync, hash, applied, position, isSent };
}

test('a push whose answer names a blob as missing makes it wait again, also where the op was sent before a reconcile', async () => {
  for (const how of ['acknowledge', 'settle'] as const) {
    const { sync, hash, applied, position, isSent, blobs } = await start();
    const answers = [applied([hash, 'f'.repeat(64)])];
    if (how === 'acknowledge') must(await sync.acknowledge(answers, position));
    else must(await sync.settle(answers));
    expect(await isSent()).toBe(false);
    expect(must(await blobs.unsent(10))).toMatchObject([{ hash }]);
  }
});

test('a push whose answer misses nothing changes nothing of the blobs', async () => {
  const { sync, applied, position, isSent } = await start();
  must(await sync.acknowledge([applied([])], position));
  expect(await isSent()).toBe(true);
});

test('a reconcile that ends has every blob asked about, and none is let go before its answer', async () => {
  const { kv, sync, hash, blobs, files } = await start();
  expect(must(await blobs.info([hash]))).toMatchObject([{ here: true, sent: true }]);
  must(await sync.beginReconcile());
  must(await sync.endReconcile('restored', 0, null));
  expect(must(await kv.read({ way: { get: 'meta', key: 'blob-way' } })).way).toMatchObject({
    asking: { epoch: 'restored', after: null },
  });
  expect(must(await letGo(files, hash))).toBe(false);
});
