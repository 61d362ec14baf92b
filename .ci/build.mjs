/** Builds the app into `dist/`, unless what it is made of has not changed since the last build. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, NODE } from './install.mjs';
import { endCommandsOnSignals, ROOT, runOrThrow } from './process.mjs';

/**
 * Everything that the build reads. All of `.ci`, because a plugin of the build may be in any file of it: a build too many takes
 * seconds, a build too few lets the tests run on an old app.
 */
const INPUTS = [
  '.ci',
  '.env',
  '.env.local',
  '.env.production',
  '.env.production.local',
  'index.html',
  'package-lock.json',
  'package.json',
  'public',
  'src',
  'sw',
  'tsconfig.base.json',
  'vite.config.ts',
];
/** Written last, so that a killed build is not taken for a whole one. */
const STAMP = join(ROOT, 'dist/.inputs');

/**
 * The files of an input, which may be a file, a folder, or nothing.
 * @param {string} path
 */
function listFiles(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * The files that the build reads, with the project in `root`.
 * @param {string} [root]
 */
export const inputFiles = (root = ROOT) => INPUTS.flatMap((name) => listFiles(join(root, name))).sort();

/**
 * One hash of all of them: of their names, too, because a new file can take the place of another.
 * @param {string} [root]
 */
export function hashInputs(root = ROOT) {
  const hash = createHash('sha256');
  for (const file of inputFiles(root)) {
    const bytes = readFileSync(file);
    hash.update(`${file.slice(root.length)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/**
 * Makes `dist/` the build of what is here now, and gives the warnings of the bundler, which it prints as well: there should be
 * none. Quick when the build is there already. Throws when the build fails.
 */
export async function ensureBuilt() {
  const inputs = hashInputs();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs) return '';
  console.log('Building the app…');
  const command = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'];
  const warnings = (await runOrThrow(NODE, command, { limitMs: 5 * 60_000, quiet: true })).trim();
  if (warnings) console.log(warnings);
  writeFileSync(STAMP, inputs);
  return warnings;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  endCommandsOnSignals();
  await ensureInstalled();
  await ensureBuilt();
}
