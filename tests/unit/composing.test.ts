/** An input method's own keys are no commands, and one helper says which those are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isComposing } from '#ui/text/composing.ts';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join('src', name), 'utf8') }));

test.each([
  ['a key while a word is composed', { isComposing: true, keyCode: 13 }, true],
  ['the Enter that Safari sends when it is composed', { isComposing: false, keyCode: 229 }, true],
  ['an Enter', { isComposing: false, keyCode: 13 }, false],
])('%s', (_name, event, expected) => {
  expect(isComposing(event as KeyboardEvent)).toBe(expected);
});

test('nothing else asks the event', () => {
  const asking = files.filter(({ text }) => /\.isComposing\b|\.keyCode\b/.test(text)).map(({ name }) => name);
  expect(asking).toEqual(['ui/text/composing.ts']);
});

test('whatever acts on Enter asks first', () => {
  const acting = files.filter(({ text }) => /\.key [!=]== 'Enter'/.test(text));
  expect(acting.length).toBeGreaterThan(4);
  expect(acting.filter(({ text }) => !text.includes('isComposing(event)')).map(({ name }) => name)).toEqual([]);
});
