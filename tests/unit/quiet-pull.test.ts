import { expect, test } from 'vitest';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';

test('a pull that brought nothing is not announced: tabs would ask for the next one without end', async () => {
  const { context } = await openMemoryWorkspace();
  const heard: unknown[] = [];
  const store = createSyncStore({ ...context, channel: { post: (message) => heard.push(message) } });
  must(await store.apply([], 7, { epoch: mint(), seen: null, now: 0 }));
  expect(must(await store.position()).cursor).toBe(7);
  expect(heard).toEqual([]);
});
