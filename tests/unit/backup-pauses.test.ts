/** How long a backup waits between two steps. */
import { expect, test } from 'vitest';
import { workspaceChannel } from '#core/channels.ts';
import { createPauses, noteTyping } from '#core/pauses.ts';
import { openChannel } from '#platform/system.ts';
import type { StoreChange } from '#store/store.ts';
import { mint, must, openMemoryWorkspace } from '#support/memory-workspace.ts';
import { createMovedClock } from '#support/moved-clock.ts';

/** How long it waits after it has worked for each of these times. */
async function waitsAfter(worksMs: readonly number[], isTyping: boolean): Promise<readonly number[]> {
  const { clock, pass } = createMovedClock();
  const pauses = createPauses(clock);
  const waits: number[] = [];
  for (const workMs of worksMs) {
    if (isTyping) pauses.noteChange();
    await pass(workMs);
    const from = clock.now();
    let isOver = false;
    const over = pauses.pause().then(() => {
      isOver = true;
    });
    while (!isOver) await pass(1);
    await over;
    waits.push(clock.now() - from);
  }
  return waits;
}

test('a few milliseconds while nobody types, whatever it has worked', async () => {
  expect(Math.max(...(await waitsAfter([1, 20, 500], false)))).toBeLessThanOrEqual(6);
});

test('longer than it has worked while somebody does, within limits', async () => {
  const [short = 0, usual = 0, long = 0] = await waitsAfter([1, 20, 500], true);
  expect(short).toBeGreaterThanOrEqual(4);
  expect(usual).toBeGreaterThanOrEqual(60);
  expect(long).toBeLessThanOrEqual(252);
});

test('as before, some seconds after the last change', async () => {
  const { clock, pass } = createMovedClock();
  const pauses = createPauses(clock);
  pauses.noteChange();
  await pass(3000);
  const from = clock.now();
  let isOver = false;
  void pauses.pause().then(() => {
    isOver = true;
  });
  while (!isOver) await pass(1);
  expect(clock.now() - from).toBeLessThanOrEqual(6);
});

test('what this worker writes itself, what came in bulk and what was acknowledged is no typing; what a tab saves is', async () => {
  const { row, store, channel, close } = await openMemoryWorkspace(undefined, undefined, openChannel);
  let noted = 0;
  const noteChange = (): void => {
    noted += 1;
  };
  noteTyping(channel.onMessage, { noteChange });
  const id = mint();
  must(await store.save({ kind: 'note', id, patch: { title: 'Restored' }, base: {}, baseSeq: 0, saveId: mint() }));
  const tab = openChannel<StoreChange>(workspaceChannel(row.id));
  const heard = Promise.withResolvers<void>();
  channel.onMessage((message) => {
    if (message.type === 'changed' && message.localSeq === 9) heard.resolve();
  });
  const commit = (after: number, localSeq: number, keys: StoreChange['keys']): void =>
    tab.post({ type: 'changed', workspaceId: row.id, after, localSeq, keys, ...(keys ? {} : { kinds: ['note'] }) });
  commit(1, 5, null);
  commit(5, 5, [['note', id]]);
  commit(8, 9, [['note', id]]);
  await heard.promise;
  expect(noted).toBe(1);
  tab.close();
  close();
});
