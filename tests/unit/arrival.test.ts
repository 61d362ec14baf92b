import { expect, test } from 'vitest';
import { arrivalText } from '#ui/shell/banners/arrival.ts';

const NOW = new Date(2026, 10, 26, 9, 0).getTime();
const device = { name: 'Chrome on Linux', lastSeenAt: new Date(2026, 10, 26, 7, 46).getTime() };
const note = { one: 'note', many: 'notes' };
const chat = { one: 'chat', many: 'chats' };

test.each([
  [[32, 7], '32 notes and 7 chats are here.'],
  [[1, 0], '1 note is here.'],
  [[0, 0], 'Nothing is here.'],
])('after an account was entered: %j', ([notes = 0, chats = 0], sentence) => {
  const text = arrivalText(
    [
      { amount: notes, nouns: note },
      { amount: chats, nouns: chat },
    ],
    device,
    NOW,
  );
  expect(text.startsWith(`${sentence} Chrome on Linux was last seen at `)).toBe(true);
  expect(text).toMatch(/7:46.*; what was written there since comes when it is online\.$/);
});
