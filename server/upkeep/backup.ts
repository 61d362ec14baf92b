import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { findProblems } from './check.ts';

/**
 * Copies the database into `file`, which must not be there yet, and checks the copy whole before it gets its name. One
 * snapshot: the server may be running, and goes on writing. 0 where the copy is good, 1 where there is none.
 */
export function backup(path: string, file: string): 0 | 1 {
  const target = resolve(file);
  const partial = `${target}.partial`;
  if (existsSync(target)) return say(1, `${target} is there already. It was left as it is: name another file.`);
  try {
    rmSync(partial, { force: true });
    // Made first, for its owner alone: SQLite writes into an empty file.
    closeSync(openSync(partial, 'wx', 0o600));
    copyInto(path, partial);
    const problems = checkCopy(partial);
    if (problems.length > 0) {
      rmSync(partial, { force: true });
      return say(
        1,
        'The copy is not sound, and was removed. The database itself is damaged: run "npm start -- check".',
        ...problems,
      );
    }
    renameSync(partial, target);
    syncToDisk(dirname(target));
    return say(0, `${target} holds a checked copy of the database, ${statSync(target).size} bytes.`);
  } catch (error) {
    rmSync(partial, { force: true });
    return say(1, `There is no copy: ${error instanceof Error ? error.message : String(error)}.`);
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
