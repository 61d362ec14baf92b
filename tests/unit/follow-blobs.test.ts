/** What a page knows of the file that is on its way. */
import { expect, test } from 'vitest';
import { followBlobs } from '#app/follow-blobs.ts';
import { createSource } from '#app/observable.ts';
import type { BlobNews } from '#core/channels.ts';
import { createMovedClock } from '#support/moved-clock.ts';

const MINUTE = 60_000;
const part = (sent: number): BlobNews => ({ type: 'sending', hash: 'a'.repeat(64), sent, size: 9_000_000 });

test('a large file is followed part by part, until it is there, its run has ended, or its sender has said nothing for long', async () => {
  const { clock, pass } = createMovedClock();
  let hear: (news: BlobNews) => void = () => {};
  let looks = 0;
  const sending = followBlobs({
    clock,
    channel: {
      onMessage(listener) {
        hear = listener;
        return () => {};
      },
    },
    driver: { summary: createSource(null), drain: () => {}, onFilesMoved: () => void looks++ },
  });
  expect(sending.value).toBe(null);
  hear(part(1_000_000));
  hear({ type: 'here', hash: 'b'.repeat(64) });
  expect(sending.value).toMatchObject({ sent: 1_000_000, size: 9_000_000 });
  await pass(1.5 * MINUTE);
  hear(part(2_000_000));
  await pass(1.5 * MINUTE);
  expect(sending.value).toMatchObject({ sent: 2_000_000 });
  // A part is no reason to count anew.
  expect(looks).toBe(0);
  hear({ type: 'moved' });
  expect(sending.value).toBe(null);
  hear(part(3_000_000));
  hear({ type: 'ended', error: null, retryAt: null });
  expect(sending.value).toBe(null);
  hear(part(4_000_000));
  await pass(2.5 * MINUTE);
  expect(sending.value).toBe(null);
});
