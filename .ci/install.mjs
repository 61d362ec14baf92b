/**
 * Installs what `package-lock.json` names and `node_modules` lacks. Runs on Node 20 before anything is installed, so it
 * imports nothing but `node:` modules; so does every other script of this folder that `npm start` and `npm test` begin with.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runOrThrow } from './process.mjs';

/** Node 24, from the npm package `node`: the machine's own Node only has to run npm. */
export const NODE = join(ROOT, 'node_modules/.bin/node');

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage
 * @param {string} path
 * @returns {Record<string, LockedPackage>}
 */
function readLock(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/**
 * True when every package of the lock file of a folder is there in its version. npm writes the hidden lock file last, so a
 * killed install is not complete. Optional packages may be for another platform.
 * @param {string} folder
 */
function hasPackages(folder) {
  const hidden = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = readLock(hidden);
  return Object.entries(readLock(join(folder, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || installed[path]?.version === version || (optional && !installed[path]),
  );
}

/**
 * Makes `node_modules` what the lock file says. Quick when it is already. Throws when npm fails. No package runs a script
 * of its own (see `.npmrc`): npm would compile better-sqlite3, whose binaries come with it, and a fresh machine has no
 * compiler. Only the package `node` needs its script, which fetches the binary for this platform.
 */
export async function ensureInstalled() {
  if (!hasPackages(ROOT)) {
    console.log('Installing dependencies (npm ci)…');
    await runOrThrow('npm', ['ci'], { limitMs: 15 * 60_000 });
  }
  if (!existsSync(NODE)) await runOrThrow('npm', ['rebuild', 'node', '--ignore-scripts=false'], { limitMs: 5 * 60_000 });
}

/** What the benchmarks compare with is a package of its own: whoever starts, builds or tests the app does not need it. */
export const BENCH_PEERS = join(ROOT, 'tests/bench/peers');

/** The same for the packages that only `npm run bench` needs. */
export async function ensureBenchPeersInstalled() {
  if (hasPackages(BENCH_PEERS)) return;
  console.log('Installing what the benchmarks compare with (npm ci)…');
  await runOrThrow('npm', ['ci', '--prefix', BENCH_PEERS], { limitMs: 15 * 60_000 });
}
