import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '#core/ports.ts';
import type { BlobStore } from '#server/blobs/blob-store.ts';
import { describeFinding, inspectBlob, nameBlob } from '#server/blobs/inspect-blob.ts';
import { ACCESS_RECORD, CONTENTS, type Contents, DATABASE, nameOfBlob } from './archive.ts';
import { type CompleteBlob, isComplete, readComplete } from './complete-blobs.ts';
import { copyDatabase } from './copy-database.ts';
import { findObstacle, giveName, isThere, makeOwnFile } from './new-file.ts';
import { createProgress } from './progress.ts';
import { say } from './say.ts';
import { createTarWriter, type TarWriter } from './tar.ts';

export interface BackupSource {
  /** The database, which a server may be using. */
  readonly path: string;
  readonly accessPath: string;
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Copies the server's data into `file`, which must not be there yet: the database as one snapshot, checked whole, and every blob that it calls
 * complete, each compared with its hash. `databaseOnly`: the file is the copy of the database and nothing else. The server may be running, and goes on
 * writing; so may another run into the same file, of which one gets the name. 0 where all is in it, 1 where there is no copy, or one that lacks
 * blobs which the server has lost. Removes nothing but what this run has made.
 */
export async function backup(
  source: BackupSource,
  file: string,
  { databaseOnly }: { readonly databaseOnly: boolean },
): Promise<0 | 1> {
  const target = resolve(file);
  const obstacle = findObstacle(target);
  if (obstacle) return say(1, obstacle);
  const partial = `${target}.${randomUUID()}.partial`;
  const database = databaseOnly ? partial : `${partial}.db`;
  try {
    const problems = copyDatabase(source.path, database);
    if (problems.length > 0) return say(1, ...damaged(problems));
    const lacking = databaseOnly ? [] : await writeArchive(source, database, partial);
    if (!giveName(partial, target)) return say(1, isThere(target));
    const what = databaseOnly ? 'the database' : 'the database, pictures and files';
    const copied = `${target} holds a checked copy of ${what}, ${statSync(target).size} bytes.`;
    if (lacking.length === 0) return say(0, copied);
    return say(
      1,
      copied,
      `${lacking.length} pictures and files are damaged or missing on the server, and are not in it:`,
      ...lacking,
    );
  } catch (error) {
    return say(1, `There is no copy: ${error instanceof Error ? error.message : String(error)}.`);
  } finally {
    for (const name of [partial, database]) rmSync(name, { force: true });
  }
}

const damaged = (problems: readonly string[]): readonly string[] => [
  'The copy is not sound, and was removed. The database itself is damaged: run "npm start -- check".',
  ...problems,
];

/** Gives what the server itself has lost, a line each. */
async function writeArchive(source: BackupSource, database: string, partial: string): Promise<readonly string[]> {
  makeOwnFile(partial);
  const file = await open(partial, 'r+');
  try {
    return await fill(source, database, file);
  } finally {
    await file.close();
  }
}

async function fill(source: BackupSource, database: string, file: FileHandle): Promise<readonly string[]> {
  const { accessPath, clock } = source;
  const madeAt = Math.floor(clock.now());
  const tar = createTarWriter(file);
  const hash = createHash('sha256');
  await tar.add(DATABASE, statSync(database).size, createReadStream(database), (block) => hash.update(block));
  // Behind the snapshot, so that it has every sign-out that the snapshot has.
  if (existsSync(accessPath)) await addBytes(tar, ACCESS_RECORD, readFileSync(accessPath));
  const lacking: string[] = [];
  const lines: string[] = [];
  let blobs = 0;
  const rows = readComplete(database);
  const progress = createProgress('Copying pictures and files', 'blobs');
  for (const row of rows) {
    const problem = await addBlob(source, tar, row);
    if (problem === null) blobs += 1;
    else if (problem !== 'removed') {
      lacking.push(nameOfBlob(row));
      lines.push(`  ${nameBlob(row)}: ${problem}`);
    }
    progress(blobs + lacking.length, rows.length);
  }
  const contents: Contents = {
    format: 'holdfast-server-backup',
    version: 1,
    madeAt,
    database: hash.digest('hex'),
    blobs,
    lacking,
  };
  await addBytes(tar, CONTENTS, Buffer.from(JSON.stringify(contents)));
  await tar.end();
  await file.sync();
  return lines;
}

const addBytes = (tar: TarWriter, name: string, bytes: Buffer): Promise<boolean> =>
  tar.add(name, bytes.length, Readable.from([bytes]));

/** Null where it is in the archive, else why not; `removed` where the server itself has removed it since the snapshot. Throws where its place does not answer. */
async function addBlob({ path, blobs }: BackupSource, tar: TarWriter, row: CompleteBlob): Promise<string | null> {
  // A disk or a network may give other bytes once.
  if ((await addOnce(blobs, tar, row)) || (await addOnce(blobs, tar, row))) return null;
  const finding = await inspectBlob(blobs, row, row.bytes);
  if (finding.type === 'unreadable') throw new Error(`pictures and files cannot be read (${finding.reason})`);
  if (!isComplete(path, row)) return 'removed';
  return finding.type === 'sound' ? 'it cannot be read twice alike' : describeFinding(finding);
}

async function addOnce(blobs: BlobStore, tar: TarWriter, row: CompleteBlob): Promise<boolean> {
  const stream = await blobs.read(row, null);
  if (!stream.ok || !stream.value) return false;
  const hash = createHash('sha256');
  try {
    if (!(await tar.add(nameOfBlob(row), row.bytes, stream.value, (block) => hash.update(block)))) return false;
  } catch (error) {
    // The place of the copy is full, say: that is not the blob's fault.
    if (stream.value.errored === null) throw error;
    return false;
  }
  if (hash.digest('hex') === row.hash) return true;
  tar.takeBack();
  return false;
}
