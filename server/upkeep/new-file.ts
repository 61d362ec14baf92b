/** A file that is written beside, and gets its name only when it is whole. */
import { closeSync, fsyncSync, linkSync, lstatSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Why nothing can be written under this name, in words; null where it can be tried. */
export function findObstacle(target: string): string | null {
  const folder = dirname(target);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return `There is no folder ${folder}. Make it first, or name a file in another one.`;
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory()) return `${target} is a folder. Name a file in it.`;
  return isTaken(target) ? isThere(target) : null;
}

const isTaken = (target: string): boolean => lstatSync(target, { throwIfNoEntry: false }) !== undefined;
export const isThere = (target: string): string => `${target} is there already. It was left as it is: name another file.`;

/** Makes an empty file for its owner alone. Throws where the name is taken. */
export const makeOwnFile = (name: string): void => closeSync(openSync(name, 'wx', 0o600));

/** Gives the file its name. False where something has that name by now: a rename would replace it, a link does not. */
export function giveName(partial: string, target: string): boolean {
  try {
    linkSync(partial, target);
  } catch {
    // Not every file system has links.
    if (isTaken(target)) return false;
    renameSync(partial, target);
  }
  syncToDisk(dirname(target));
  return true;
}

/** Waits until the disk has a file, or the names in a folder. */
export function syncToDisk(name: string): void {
  const file = openSync(name, 'r');
  fsyncSync(file);
  closeSync(file);
}
