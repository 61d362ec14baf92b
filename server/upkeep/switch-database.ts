/**
 * Puts another database in place of the one in the data folder, all or nothing: an order on the disk says what is to be done, and whoever uses the
 * folder next does what a killed process has left of it. What was there before is moved into a folder beside, and never removed.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { DATABASE } from './archive.ts';
import { syncToDisk } from './new-file.ts';

const ORDER = 'holdfast-restore.json';
const STAGING = 'restoring';

/** The database, and what SQLite keeps beside it. */
const FILES = ['', '-wal', '-shm'].map((suffix) => `${DATABASE}${suffix}`);

const orderSchema = v.object({ replaced: v.pipe(v.string(), v.regex(/^replaced-[0-9TZ-]+$/)) });

/** Where the database that is to come lies until then. */
export const stagingOf = (dataDir: string): string => join(dataDir, STAGING);

/** Whether a process that ended has left an order behind. */
export const isHalfSwitched = (dataDir: string): boolean => existsSync(join(dataDir, ORDER));

/**
 * Orders the switch, and does it. The folder of the new database holds nothing but that. `onStep` is called before each step. Gives the name of the
 * folder that what was there before is in.
 */
export function switchDatabase(dataDir: string, nowMs: number, onStep: () => void = () => undefined): string {
  const replaced = `replaced-${new Date(nowMs).toISOString().replace(/[:.]/g, '-')}`;
  const order = join(dataDir, ORDER);
  onStep();
  syncToDisk(join(stagingOf(dataDir), DATABASE));
  syncToDisk(stagingOf(dataDir));
  writeFileSync(`${order}.new`, JSON.stringify({ replaced }), { mode: 0o600 });
  syncToDisk(`${order}.new`);
  onStep();
  renameSync(`${order}.new`, order);
  syncToDisk(dataDir);
  finishSwitch(dataDir, onStep);
  return replaced;
}

/** Does what is left of a switch that was ordered. Nobody may be using the folder. */
export function finishSwitch(dataDir: string, onStep: () => void = () => undefined): void {
  const order = join(dataDir, ORDER);
  const { replaced } = v.parse(orderSchema, JSON.parse(readFileSync(order, 'utf8')));
  const coming = join(stagingOf(dataDir), DATABASE);
  // As long as the new one is not in its place, what is there is the old one.
  if (existsSync(coming)) {
    for (const name of FILES) {
      onStep();
      if (!existsSync(join(dataDir, name))) continue;
      mkdirSync(join(dataDir, replaced), { recursive: true, mode: 0o700 });
      renameSync(join(dataDir, name), join(dataDir, replaced, name));
      syncToDisk(join(dataDir, replaced));
    }
    syncToDisk(dataDir);
    onStep();
    renameSync(coming, join(dataDir, DATABASE));
    syncToDisk(dataDir);
  }
  onStep();
  rmSync(stagingOf(dataDir), { recursive: true, force: true });
  rmSync(order);
  syncToDisk(dataDir);
}
