import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, linkSync, lstatSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { findProblems } from './check.ts';

/**
 * Copies the database into `file`, which must not be there yet, and checks the copy whole before it gets its name. One
 * snapshot: the server may be running, and goes on writing; so may another run into the same file, of which one gets the name.
 * 0 where the copy is good, 1 where there is none. Removes nothing but what this run has made.
 */
export function backup(path: string, file: string): 0 | 1 {
  const target = resolve(file);
  const partial = `${target}.${randomUUID()}.partial`;
  const obstacle = findObstacle(target);
  if (obstacle) return say(1, obstacle);
  try {
    // Made first, for its owner alone: SQLite writes into an empty file.
    closeSync(openSync(partial, 'wx', 0o600));
  } catch (error) {
    return say(1, reasonOf(error));
  }
  try {
    copyInto(path, partial);
    const problems = checkCopy(partial);
    if (problems.length > 0) {
      return say(
        1,
        'The copy is not sound, and was removed. The database itself is damaged: run "npm start -- check".',
        ...problems,
      );
    }
    if (!giveName(partial, target)) return say(1, isThere(target));
    syncToDisk(dirname(target));
    return say(0, `${target} holds a checked copy of the database, ${statSync(target).size} bytes.`);
  } catch (error) {
    return say(1, reasonOf(error));
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Why nothing can be written under this name, in words; null where it can be tried. */
function findObstacle(target: string): string | null {
  const folder = dirname(target);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return `There is no folder ${folder}. Make it first, or name a file in another one.`;
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory()) return `${target} is a folder. Name a file in it.`;
  return isTaken(target) ? isThere(target) : null;
}

const isTaken = (target: string): boolean => lstatSync(target, { throwIfNoEntry: false }) !== undefined;
const isThere = (target: string): string => `${target} is there already. It was left as it is: name another file.`;
const reasonOf = (error: unknown): string => `There is no copy: ${error instanceof Error ? error.message : String(error)}.`;

/** Gives the copy its name. False where something has that name by now: a rename would replace it, a link does not. */
function giveName(partial: string, target: string): boolean {
  try {
    linkSync(partial, target);
    return true;
  } catch {
    // Not every file system has links.
    if (isTaken(target)) return false;
    renameSync(partial, target);
    return true;
  }
}

function copyInto(path: string, partial: string): void {
  const source = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
  try {
    source.prepare('vacuum into ?').run(partial);
  } finally {
    source.close();
  }
  chmodSync(partial, 0o600);
  syncToDisk(partial);
}

function checkCopy(partial: string): readonly string[] {
  const copy = new SqliteDatabase(partial, { readonly: true, fileMustExist: true });
  try {
    return findProblems(copy);
  } finally {
    copy.close();
  }
}

function syncToDisk(name: string): void {
  const file = openSync(name, 'r');
  fsyncSync(file);
  closeSync(file);
}

function say<C extends 0 | 1>(code: C, ...lines: readonly string[]): C {
  (code === 0 ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`);
  return code;
}
