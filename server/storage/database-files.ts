import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';

/** The database and what SQLite keeps beside it: all of them hold what people wrote. */
const SUFFIXES = ['', '-wal', '-shm'] as const;

/** Creates the file where there is none, and lets nobody but its owner read it. SQLite gives its other files the same mode. */
export function protectFiles(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  for (const suffix of SUFFIXES) {
    // Another owner's file that may be written all the same (a group's) is left as its owner made it.
    if (existsSync(path + suffix) && statSync(path + suffix).uid === process.getuid?.()) chmodSync(path + suffix, 0o600);
  }
}

/**
 * Remembers which files were opened, by device and inode. The function says whether they still are under their names: a
 * removed folder or WAL goes on taking writes that nobody will ever read.
 */
export function watchFiles(path: string): () => boolean {
  const names = [path, `${path}-wal`];
  const opened = names.map(identify);
  return () => names.every((name, index) => identify(name) === opened[index]);
}

function identify(name: string): string | undefined {
  const stat = statSync(name, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}
