import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findMissingOptionals, LOCKS } from '#ci/lock.mjs';

describe.each(LOCKS)('%s', (path) => {
  const { packages } = JSON.parse(readFileSync(path, 'utf8'));

  test('it holds the binaries of every platform, or npm ci refuses it: repair it with npm run lock', () => {
    expect(findMissingOptionals(packages)).toEqual([]);
  });

  test('it names no registry, so that npm ci asks the one that is set up', () => {
    expect(Object.entries<{ resolved?: string }>(packages).filter(([, { resolved }]) => resolved?.startsWith('http'))).toEqual(
      [],
    );
  });
});

test('npm start and npm test install nothing that only the benchmarks compare with', () => {
  const root = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const peers = JSON.parse(readFileSync('tests/bench/peers/package.json', 'utf8')).dependencies;
  const names = Object.keys(peers).filter((name) => name !== 'better-sqlite3');
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => root[`node_modules/${name}`])).toEqual([]);
});
