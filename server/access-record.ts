import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import * as v from 'valibot';
import type { AccountId } from '#core/ids.ts';
import { sha256 } from './secrets.ts';

/**
 * What must not come back with an older copy of the database: devices that were signed out, passwords that were replaced, and
 * accounts that were deleted. A file beside the database, a checked line each, on the disk before the call is answered. Lines are appended, and
 * those of a deleted account are overwritten. `--restored` brings it in.
 */
const entrySchema = v.variant('type', [
  v.object({ type: v.literal('deleted'), accountId: v.string(), at: v.number() }),
  v.object({ type: v.literal('revoked'), accountId: v.string(), deviceId: v.string(), at: v.number() }),
  v.object({
    type: v.literal('login'),
    accountId: v.string(),
    login: v.object({ name: v.string(), salt: v.string(), hash: v.string(), wrappedKey: v.string() }),
    at: v.number(),
  }),
]);
export type AccessEntry = v.InferOutput<typeof entrySchema>;

export interface AccessRecord {
  /** Appends the entry and waits for the disk. Of an account that was deleted nothing else stays. Throws what the file system throws. */
  add(entry: AccessEntry): void;
}

/** Characters of the SHA-256 in front of each line. */
const CHECK_LENGTH = 16;

/** The record in this file, which is made with the first entry. */
export function openAccessRecord(path: string): AccessRecord {
  return {
    add(entry) {
      const text = JSON.stringify(entry);
      const file = openSync(path, 'a', 0o600);
      try {
        // A line that was cut off by a crash before ends here, and spoils no other.
        writeSync(file, `\n${sha256(text).slice(0, CHECK_LENGTH)} ${text}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      if (entry.type === 'deleted') forgetAccounts(path, new Set([entry.accountId]));
    },
  };
}

/**
 * Overwrites what the record says of deleted accounts, their names and passwords among it; that they were deleted stays. In place: other processes
 * may be adding entries.
 */
export function forgetAccounts(path: string, deleted: ReadonlySet<AccountId>): void {
  if (deleted.size === 0) return;
  const file = openSync(path, 'r+');
  try {
    let at = 0;
    for (const line of readFileSync(path, 'latin1').split('\n')) {
      const entry = parseLine(Buffer.from(line, 'latin1').toString('utf8'));
      if (entry && entry.type !== 'deleted' && deleted.has(entry.accountId))
        writeSync(file, Buffer.alloc(line.length, ' '), 0, line.length, at);
      at += line.length + 1;
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export interface AccessHistory {
  /** In the order in which they were written. */
  readonly entries: readonly AccessEntry[];
  /** Lines that cannot be read. */
  readonly damagedLines: number;
}

/** What the file holds; undefined where there is none. */
export function readAccessRecord(path: string): AccessHistory | undefined {
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const entries = lines.flatMap((line) => parseLine(line) ?? []);
  return { entries, damagedLines: lines.length - entries.length };
}

function parseLine(line: string): AccessEntry | undefined {
  const text = line.slice(CHECK_LENGTH + 1);
  if (sha256(text).slice(0, CHECK_LENGTH) !== line.slice(0, CHECK_LENGTH)) return undefined;
  const parsed = v.safeParse(entrySchema, JSON.parse(text));
  return parsed.success ? parsed.output : undefined;
}
