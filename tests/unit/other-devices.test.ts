/** What a new device takes over from another one. */
import { expect, test } from 'vitest';
import { missingValues } from '#ui/shell/banners/other-devices.ts';

test('what this device has of its own stays, what it lacks comes', () => {
  const theirs = { drafts: { a: 'theirs', b: 'theirs' }, history: [{ command: 'x' }], unsentText: 'half', lastCommand: '' };
  const fields = ['drafts', 'history', 'unsentText', 'lastCommand', 'absent'];
  expect(missingValues(theirs, {}, fields)).toEqual({
    drafts: { a: 'theirs', b: 'theirs' },
    history: [{ command: 'x' }],
    unsentText: 'half',
  });
  const mine = { drafts: { a: 'mine' }, history: [{ command: 'y' }], unsentText: 'own' };
  expect(missingValues(theirs, mine, fields)).toEqual({ drafts: { a: 'mine', b: 'theirs' } });
  expect(missingValues(theirs, { ...mine, drafts: { a: '1', b: '2' } }, fields)).toEqual({});
});
