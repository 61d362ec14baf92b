import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Random } from '#core/ports.ts';
import type { BlobError, BlobStore } from '#server/blobs/blob-store.ts';
import { inspectBlob, nameBlob } from '#server/blobs/inspect-blob.ts';
import { explainOpenError } from '#server/storage/open-error.ts';
import { openSqlite } from '#server/storage/sqlite.ts';
import { DATABASE } from './archive.ts';
import { problemsOf } from './copy-database.ts';
import { syncToDisk } from './new-file.ts';
import { createProgress } from './progress.ts';
import { type Archive, blobsOf, readArchive } from './read-archive.ts';
import { adoptCopy } from './restored.ts';
import { isHalfSwitched, stagingOf, switchDatabase } from './switch-database.ts';
import { BadTar } from './tar.ts';
import { matchBlobs } from './verify.ts';

export interface RestoreTarget {
  readonly dataDir: string;
  readonly accessPath: string;
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  /** Whether the file's sound blobs are to be restored where others in it are damaged. */
  readonly withoutDamaged: boolean;
  /** Whether the place of blobs may hold none at all, where the file has none either. */
  readonly mayBeEmpty: boolean;
  /** Called before each step, for tests that end the process there. */
  readonly onStep?: () => void;
}

/** Why nothing was restored, in words. */
class NotRestored extends Error {}

/**
 * Puts what a backup holds in place of the database of a folder that nobody uses. All of it is read and checked first. Blobs come into their place
 * before the database that knows them: to the one before they are unknown, and harm nothing. The switch itself is all or nothing
 * (`switch-database.ts`). Each account has a new epoch then, so that devices bring back what the backup lacks. 0, or 1 where all is as it was.
 */
export async function restore(target: RestoreTarget, name: string): Promise<0 | 1> {
  const { dataDir, onStep = () => undefined } = target;
  const staging = stagingOf(dataDir);
  let file: FileHandle | undefined;
  try {
    rmSync(staging, { recursive: true, force: true });
    onStep();
    file = await open(name, 'r');
    mkdirSync(staging, { recursive: true, mode: 0o700 });
    const database = join(staging, DATABASE);
    const archive = await readArchive(file, database);
    check(archive, database, target.withoutDamaged);
    onStep();
    if (archive.blobs !== null) await putBlobs(target, file, archive.blobs);
    onStep();
    keepRecord(target.accessPath, archive.accessRecord);
    onStep();
    await prepare(target, database, archive);
    const replaced = switchDatabase(dataDir, target.clock.now(), onStep);
    say(`${name} is restored. Start the server: devices will bring back what it lacks.`);
    if (existsSync(join(dataDir, replaced, DATABASE)))
      say(`The database from before is in ${join(dataDir, replaced)}. Remove that folder when you no longer need it.`);
    return 0;
  } catch (error) {
    if (error instanceof BadTar) return fail(`${name} cannot be restored: ${error.message}.`);
    if (error instanceof NotRestored) return fail(error.message);
    // Of the file system: no such file, no room, no right.
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (!isHalfSwitched(dataDir)) return fail(`${name} cannot be restored: ${error.message}.`);
    process.stderr.write(`The restore was interrupted (${error.message}). The next start of the server finishes it.\n`);
    return 1;
  } finally {
    await file?.close();
    if (!isHalfSwitched(dataDir)) rmSync(staging, { recursive: true, force: true });
  }
}

function check({ damaged, lacking }: Archive, database: string, withoutDamaged: boolean): void {
  const problems = problemsOf(database);
  if (problems.length > 0) throw new NotRestored(['The database in it is damaged:', ...problems].join('\n'));
  if (lacking > 0) say(`${lacking} pictures and files were lost on the server when it was made. Devices are asked for them.`);
  if (damaged.length === 0) return;
  const named = damaged.map((key) => `  ${nameBlob(key)}`).join('\n');
  if (!withoutDamaged)
    throw new NotRestored(
      `${damaged.length} pictures and files in it are damaged:\n${named}\nWith --without-damaged all else is restored, and devices are asked for those.`,
    );
  say(`${damaged.length} pictures and files in it are damaged, and are left out:\n${named}`);
}

/** Brings each sound blob of the file into its place, unless it is there. */
async function putBlobs({ blobs, onStep = () => undefined }: RestoreTarget, file: FileHandle, total: number): Promise<void> {
  const progress = createProgress('Restoring pictures and files', 'blobs');
  let done = 0;
  for await (const { key, entry } of blobsOf(file)) {
    onStep();
    const finding = await inspectBlob(blobs, key);
    if (finding.type === 'unreadable')
      throw new NotRestored(
        `The place of pictures and files cannot be read (${finding.reason}). Try again once it can. Where what was in it is lost, add --lost.`,
      );
    if (finding.type !== 'sound') {
      must(await blobs.remove(key));
      must(await blobs.append(key, 0, entry.bytes()));
      onStep();
      // `mismatch`: one that was found damaged, and is left out.
      must(await blobs.commit(key));
    }
    done += 1;
    progress(done, total);
  }
}

function must<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: BlobError }): T {
  if (result.ok) return result.value;
  const { error } = result;
  const why = error.type === 'BlobsFull' ? 'it is full' : error.reason;
  throw new NotRestored(`The place of pictures and files cannot be written (${why}).`);
}

/**
 * What the folder's own record says is newer, and comes last; lines that only the backup has come before it. Where there is one already it loses
 * nothing, whatever becomes of the restore.
 */
function keepRecord(path: string, restored: string | null): void {
  if (restored === null) return;
  const own = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const known = new Set(own.split('\n'));
  const missing = restored.split('\n').filter((line) => !known.has(line));
  if (missing.length === 0) return;
  writeFileSync(`${path}.new`, `${missing.join('\n')}\n${own}`, { mode: 0o600 });
  syncToDisk(`${path}.new`);
  renameSync(`${path}.new`, path);
}

/** Makes the staged database safe to serve: tables of this version, new epochs, sign-outs that are newer, and rows that match the blobs. */
async function prepare(target: RestoreTarget, database: string, { blobs: inFile }: Archive): Promise<void> {
  const { blobs, clock, random, accessPath, mayBeEmpty } = target;
  const opened = await openSqlite({ path: database });
  if (!opened.ok) throw new NotRestored(explainOpenError(opened.error, stagingOf(target.dataDir)).join('\n'));
  const storage = opened.value;
  try {
    const caughtUp = await storage.catchUp(createProgress('Preparing the database', 'versions'));
    if (!caughtUp.ok) throw new NotRestored(`The database cannot be prepared (${caughtUp.error.type}).`);
    say(...(await adoptCopy({ storage, clock, random }, accessPath)));
    const matched = await matchBlobs({ storage, blobs, clock, mayBeEmpty: mayBeEmpty || inFile !== null });
    if (matched !== 0) throw new NotRestored('Nothing was restored. If the pictures and files are truly lost, add --lost.');
    await storage.emptyLog();
  } finally {
    await storage.close();
  }
}

const say = (...lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

function fail(words: string): 1 {
  process.stderr.write(`${words}\nNothing was changed.\n`);
  return 1;
}
