/** Real files of the origin, from a worker and from a page, and real IndexedDB where there are none. */
import { proxy, transfer, wrap } from 'comlink';
import { describe, expect, test, vi } from 'vitest';
import type { BytePieces } from '#core/byte-pieces.ts';
import { systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { deleteWorkspace } from '#store/accounts/erase.ts';
import type { BlobSource, BlobStore, BlobWatch, NewBlob } from '#store/blob-store.ts';
import { createBlobStore } from '#store/blobs/create-blob-store.ts';
import { openBlobContext } from '#store/blobs/open-blobs.ts';
import { openKv } from '#store/kv/db.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { journalSchema } from '#store/schema/journal-database.ts';
import { INITIAL_COUNTERS } from '#store/schema/rows.ts';
import { WORKSPACE_VERSION, type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { bytesOf, hashOf, someBytes } from '#support/blob-bytes.ts';
import { entityRow, letGo } from '#support/blob-world.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { type BlobWorld, describeBlobs } from './blobs.ts';

const folderOf = async (workspaceId: string): Promise<FileSystemDirectoryHandle> =>
  (await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast-blobs', { create: true })).getDirectoryHandle(
    workspaceId,
    { create: true },
  );
async function filesOf(workspaceId: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of (await folderOf(workspaceId)).keys()) names.push(name);
  return names.sort();
}

/** Another start over the same workspace, in this page. */
async function openInPage(workspaceId = mint(), withFiles = true) {
  const kv = must(await openKv<WorkspaceTables>(`holdfast-ws-${workspaceId}`, WORKSPACE_VERSION, workspaceSchema));
  const journal = createMemoryKv(journalSchema);
  const ports = { clock: systemClock, random: systemRandom, locks: webLocks };
  const context = await openBlobContext({ ...ports, kv, journal, workspaceId });
  const around = withFiles ? context : { ...context, files: null };
  const files = async () => (withFiles ? filesOf(workspaceId) : null);
  return {
    blobs: createBlobStore(around),
    kv,
    files,
    workspaceId,
    context,
    letGo: (hash: string) => letGo(around, hash),
  };
}

/** The worker's side: functions in objects do not cross, so the watcher of a put is an argument of its own. */
interface WorkerBlobs extends Omit<BlobStore, 'put'> {
  open(workspaceId: string): Promise<void>;
  put(source: BlobSource, about: NewBlob, watch?: BlobWatch): ReturnType<BlobStore['put']>;
}

/** Pieces do not cross, and streams do. */
const streamOf = (pieces: BytePieces): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value.slice());
    },
  });

async function openInWorker(workspaceId = mint()): Promise<BlobWorld & { readonly kill: () => void }> {
  const { kv, letGo } = await openInPage(workspaceId);
  const worker = new Worker(new URL('../support/blobs.worker.ts', import.meta.url), { type: 'module' });
  const api = wrap<WorkerBlobs>(worker) as unknown as WorkerBlobs;
  await api.open(workspaceId);
  // A spread would ask the proxy for its members, of which it knows none.
  const blobs = new Proxy({} as BlobStore, {
    get: (_, name: keyof BlobStore) => (name === 'put' ? put : api[name]),
  });
  const put: BlobStore['put'] = (source, about, { watch } = {}) => {
    const sent = 'next' in source ? streamOf(source) : source;
    return api.put(sent instanceof ReadableStream ? transfer(sent, [sent]) : sent, about, watch && proxy(watch));
  };
  return { blobs, kv, letGo, files: () => filesOf(workspaceId), kill: () => worker.terminate() };
}

describeBlobs('files of the origin, written in place by a worker', openInWorker);
describeBlobs('files of the origin, written by a page', openInPage);
describeBlobs('IndexedDB alone', () => openInPage(mint(), false));

describe('a start after the end of a context', () => {
  const LARGE = 20 * 1024 * 1024;

  test('a worker that is killed while it writes leaves a part, which the next start removes', async () => {
    const workspaceId = mint();
    const { blobs, files, kill } = await openInWorker(workspaceId);
    let pulls = 0;
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        pulls += 1;
        if (pulls > 3) await new Promise(() => {});
        controller.enqueue(someBytes(1_000_000, pulls));
      },
    });
    void blobs.put(endless, { type: '' });
    await vi.waitUntil(async () => (await files())?.length === 1 && pulls > 3);
    const next = await openInPage(workspaceId);
    must(await next.blobs.sweep());
    // It is being written.
    expect(await files()).toHaveLength(1);
    kill();
    await vi.waitUntil(async () => {
      must(await next.blobs.sweep());
      return (await files())?.length === 0;
    });
    expect(must(await next.kv.read({ rows: { count: 'blobs' } })).rows).toBe(0);
  });

  test('bytes whose row was not made any more get one, and so do those of a database that was lost', async () => {
    const workspaceId = mint();
    const { blobs, context } = await openInPage(workspaceId);
    const bytes = someBytes(LARGE);
    const { hash } = must(await blobs.put(new Blob([bytes]), { type: 'image/png' }));
    must(await context.kv.transact({}, () => ({ writes: [{ delete: 'blobs', key: hash }], value: null })));
    const next = await openInPage(workspaceId);
    must(await next.blobs.sweep());
    expect(must(await next.blobs.info([hash]))).toMatchObject([{ hash, size: LARGE, here: true, sent: false }]);
    expect(hashOf((await bytesOf(must(await next.blobs.read(hash)))) as Uint8Array)).toBe(hash);
  });

  test('rows whose file the browser has lost say so, and are asked for again', async () => {
    const workspaceId = mint();
    const { blobs } = await openInPage(workspaceId);
    const hashes: string[] = [];
    for (const seed of [1, 2])
      hashes.push(must(await blobs.put(new Blob([someBytes(100_000, seed)]), { type: '', sent: true })).hash);
    for (const hash of hashes) await (await folderOf(workspaceId)).removeEntry(hash);
    expect(must(await blobs.read(hashes[0] ?? ''))).toBeNull();
    expect(must(await blobs.have(hashes))).toEqual([hashes[1]]);
    must(await blobs.sweep());
    expect(must(await blobs.have(hashes))).toEqual([]);
    expect(must(await blobs.info(hashes))).toMatchObject([
      { here: false, letGo: false },
      { here: false, letGo: false },
    ]);
  });

  test('the swap file of a stream that was killed is removed', async () => {
    const workspaceId = mint();
    const { blobs, files } = await openInPage(workspaceId);
    const folder = await folderOf(workspaceId);
    for (const name of ['a.part', 'a.part.crswap', 'b.part.crswap']) await folder.getFileHandle(name, { create: true });
    must(await blobs.sweep());
    expect(await files()).toEqual([]);
  });

  test('rows of a put that was killed are removed', async () => {
    const workspaceId = mint();
    const { blobs, kv, context } = await openInPage(workspaceId, false);
    const writer = await context.rows.begin('left');
    await writer.write(someBytes(LARGE));
    must(await blobs.sweep());
    const left = must(await kv.read({ bytes: { count: 'blob-bytes' }, meta: { count: 'meta' } }));
    expect(left).toEqual({ bytes: 0, meta: 0 });
    await expect(context.rows.keep('left', 'a'.repeat(64))).resolves.toMatchObject({ note: 'blob-part/left' });
  });
});

test('a database of the version before keeps every row when it gets its stores for blobs', async () => {
  const workspaceId = mint();
  const { blobs: _blobs, 'blob-bytes': _bytes, ...stores } = workspaceSchema.stores;
  const before = must(await openKv(`holdfast-ws-${workspaceId}`, WORKSPACE_VERSION - 1, { stores }));
  const row = entityRow('note', 'n', 'kept', { localSeq: 1 });
  const counters = { ...INITIAL_COUNTERS, localSeq: 1 };
  const writes = [{ put: 'entities', row } as const, { put: 'meta', row: counters } as const];
  must(await before.transact({}, () => ({ writes, value: null })));
  before.close();
  const { kv, blobs } = await openInPage(workspaceId);
  expect(must(await kv.read({ row: { get: 'entities', key: ['note', 'n'] }, state: { get: 'meta', key: 'state' } }))).toEqual({
    row,
    state: counters,
  });
  const { hash } = must(await blobs.put(new Blob(['new']), { type: 'text/plain' }));
  expect(await must(await blobs.read(hash))?.text()).toBe('new');
});

test('what is erased of one workspace takes its files along, and leaves those of the others', async () => {
  const [one, other] = [await openInPage(), await openInPage()];
  for (const { blobs } of [one, other]) must(await blobs.put(new Blob([someBytes(100_000)]), { type: '' }));
  one.kv.close();
  must(await deleteWorkspace(one.workspaceId));
  expect(await filesOf(one.workspaceId)).toEqual([]);
  expect(await filesOf(other.workspaceId)).toEqual([hashOf(someBytes(100_000))]);
});
