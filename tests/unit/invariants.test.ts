/** The invariants that tests name are those of `docs/invariants.md`, and each of them has tests. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const listCode = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));

const read = (path: string): string => readFileSync(path, 'utf8');
const ROWS = [...read('docs/invariants.md').matchAll(/^\| (\d+) \| .+ \| (.+) \|$/gm)].map(([, number, tests]) => ({
  number: Number(number),
  tests: [...String(tests).matchAll(/`([^`]+)`/g)].map(([, path]) => String(path)),
}));
/** `invariant 7`, `invariants 17 and 22`. */
const numbersIn = (text: string): readonly number[] =>
  [...text.matchAll(/\binvariants? (\d+)(?: and (\d+))?\b/gi)].flatMap(([, one, other]) =>
    [one, other].flatMap((number) => (number === undefined ? [] : [Number(number)])),
  );

test('they are numbered from 1 without a gap', () => {
  expect(ROWS.length).toBeGreaterThan(20);
  expect(ROWS.map(({ number }) => number)).toEqual(ROWS.map((_, at) => at + 1));
});

describe.each(ROWS)('invariant $number', ({ number, tests }) => {
  test('names tests that are there', () => {
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((path) => !existsSync(path))).toEqual([]);
  });

  test('is named by each of them', () => {
    expect(tests.filter((path) => !numbersIn(read(path)).includes(number))).toEqual([]);
  });
});

test('every number that a test names is there', () => {
  const known = new Set(ROWS.map(({ number }) => number));
  const named = listCode('tests').flatMap((path) => numbersIn(read(path)).map((number) => ({ path, number })));
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ number }) => !known.has(number))).toEqual([]);
});

// Invariant 10
test('databases are deleted in one file', () => {
  const deleting = [...listCode('src'), ...listCode('sw')].filter((path) => /\bdelete(?:DB|Database)\(/.test(read(path)));
  expect(deleting).toEqual(['src/store/accounts/erase.ts']);
});
