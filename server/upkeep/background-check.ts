import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { setPriority } from 'node:os';
import { CHECKED_BYTES } from '#server/storage/sqlite.ts';

/** As low as it goes: serving comes first. */
const LOWEST_PRIORITY = 19;

/**
 * Checks the structure of a database that was too large to be checked before the start, in a process of its own, so that
 * serving neither waits for it nor is slowed by it. `onDamage` is called with what was found. Gives the function that ends it early.
 */
export function checkInBackground(path: string, onDamage: (report: string) => void): () => void {
  if (statSync(path).size <= CHECKED_BYTES) return () => undefined;
  const child = spawn(process.execPath, [process.argv[1] ?? '', 'check', '--quick'], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (child.pid !== undefined) setPriority(child.pid, LOWEST_PRIORITY);
  let report = '';
  child.stdout.on('data', (chunk: Buffer) => {
    report += chunk.toString();
  });
  child.on('close', (code) => {
    if (code === 1) onDamage(report);
  });
  child.on('error', () => undefined);
  return () => {
    child.kill();
  };
}
