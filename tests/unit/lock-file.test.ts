import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findMissingOptionals } from '#ci/lock.mjs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

test('the lock file holds the binaries of every platform, or npm ci refuses it: repair it with npm run lock', () => {
  expect(findMissingOptionals(packages)).toEqual([]);
});

test('the lock file names no registry, so that npm ci asks the one that is set up', () => {
  expect(Object.entries<{ resolved?: string }>(packages).filter(([, { resolved }]) => resolved?.startsWith('http'))).toEqual([]);
});
