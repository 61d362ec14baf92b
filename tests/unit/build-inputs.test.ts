/** A build is taken for the present one only while nothing that it read has changed. */
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadConfigFromFile } from 'vite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashInputs, inputFiles } from '#ci/build.mjs';

let root = '';

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-inputs-'));
  for (const name of ['.ci', 'index.html', 'package.json', 'package-lock.json', 'tsconfig.base.json', 'vite.config.ts']) {
    cpSync(name, join(root, name), { recursive: true });
  }
  write('src/main.ts', 'export {};');
  write('sw/sw.ts', 'export {};');
  write('public/icon.svg', '<svg/>');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test('everything that the configuration of the build imports is an input', async () => {
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, 'vite.config.ts');
  const imported = (loaded?.dependencies ?? []).map((path) => resolve(path));
  expect(imported).toContain(resolve('.ci/chunks.ts'));
  const inputs = new Set(inputFiles());
  expect(imported.filter((path) => !inputs.has(path))).toEqual([]);
});

test.each([
  '.ci/chunks.ts',
  '.ci/early-script.ts',
  '.ci/precompress.ts',
  '.ci/build.mjs',
  '.env.local',
  'index.html',
  'package-lock.json',
  'public/icon.svg',
  'src/main.ts',
  'src/core/new-file.ts',
  'sw/sw.ts',
  'tsconfig.base.json',
  'vite.config.ts',
])('a change of %s asks for another build', (path) => {
  const before = hashInputs(root);
  expect(hashInputs(root)).toBe(before);
  write(path, '// changed');
  expect(hashInputs(root)).not.toBe(before);
});

test('a file that is renamed, or gone, asks for another build', () => {
  const before = hashInputs(root);
  renameSync(join(root, 'public/icon.svg'), join(root, 'public/mark.svg'));
  const renamed = hashInputs(root);
  expect(renamed).not.toBe(before);
  rmSync(join(root, 'public/mark.svg'));
  expect(hashInputs(root)).not.toBe(renamed);
});
