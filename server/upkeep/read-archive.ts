/** Reads a backup of the server, and checks it whole before anything is done with it. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import * as v from 'valibot';
import type { BlobKey } from '#server/blobs/blob-store.ts';
import { writeBlocks } from '#server/blobs/block-writer.ts';
import { ACCESS_RECORD, CONTENTS, type Contents, contentsSchema, DATABASE, MAX_CONTENTS_BYTES, readBlobName } from './archive.ts';
import { createProgress } from './progress.ts';
import { BadTar, readTar, type TarEntry } from './tar.ts';

/** What every SQLite database begins with: the file is a copy of the database alone. */
const SQLITE = 'SQLite format 3\u0000';

export interface Archive {
  /** Blobs whose bytes are not those of their hash. */
  readonly damaged: readonly BlobKey[];
  /** How many others there are; null where the file is a database and nothing else. */
  readonly blobs: number | null;
  /** How many the server itself had lost when it was made. */
  readonly lacking: number;
  /** Lines of the record of sign-outs; null where there is none. */
  readonly accessRecord: string | null;
}

/**
 * Reads all of `file`, and writes its database to `database`, on the disk. Throws a `BadTar` where it is no backup, is cut off, or its database is not
 * the one that was put into it.
 */
export async function readArchive(file: FileHandle, database: string): Promise<Archive> {
  const { size } = await file.stat();
  const first = Buffer.alloc(SQLITE.length);
  await file.read(first, 0, first.length, 0);
  if (first.toString('latin1') === SQLITE) {
    await writeFile(database, file.createReadStream({ start: 0, autoClose: false }));
    return { damaged: [], blobs: null, lacking: 0, accessRecord: null };
  }
  const progress = createProgress('Reading the backup', 'bytes');
  const damaged: BlobKey[] = [];
  let blobs = 0;
  let done = 0;
  let hash: string | null = null;
  let accessRecord: string | null = null;
  let contents: Contents | null = null;
  for await (const entry of readTar(file)) {
    const key = readBlobName(entry.name);
    if (entry.name === DATABASE) hash = await writeFile(database, entry.bytes());
    else if (entry.name === ACCESS_RECORD) accessRecord = await textOf(entry);
    else if (entry.name === CONTENTS) contents = readContents(await textOf(entry));
    else if (key && (await hashOf(entry)) === key.hash) blobs += 1;
    else if (key) damaged.push(key);
    done += entry.size;
    progress(done, size);
  }
  if (!contents || hash === null) throw new BadTar('it is not a backup of this server, or it is cut off');
  if (contents.database !== hash) throw new BadTar('its database is damaged');
  if (contents.blobs !== blobs + damaged.length) throw new BadTar('pictures and files were taken out of it');
  return { damaged, blobs, lacking: contents.lacking.length, accessRecord };
}

/** The blobs of a backup that was read and found to be one. */
export async function* blobsOf(file: FileHandle): AsyncGenerator<{ readonly key: BlobKey; readonly entry: TarEntry }> {
  for await (const entry of readTar(file)) {
    const key = readBlobName(entry.name);
    if (key) yield { key, entry };
  }
}

function readContents(text: string) {
  try {
    return v.parse(contentsSchema, JSON.parse(text));
  } catch {
    throw new BadTar('it was made by another version of Holdfast, or it is damaged');
  }
}

async function writeFile(name: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(name, 'w', 0o600);
  try {
    await writeBlocks(file, 0, bytes, (block) => hash.update(block));
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

async function hashOf(entry: TarEntry): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of entry.bytes()) hash.update(chunk);
  return hash.digest('hex');
}

async function textOf(entry: TarEntry): Promise<string> {
  if (entry.size > MAX_CONTENTS_BYTES) throw new BadTar('it is damaged');
  return (await buffer(entry.bytes())).toString('utf8');
}
