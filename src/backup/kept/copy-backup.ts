/**
 * Copies a backup from one place to another by difference: the parts and files that the other lacks, each read back from there, and the manifest last.
 * Everything is named by its hash, so what is there is what is meant, whoever put it there.
 */
import { hashFile } from '#backup/hash-file.ts';
import type { BackupProgress } from '#core/backups.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { StopSignal } from '#core/stop.ts';
import { Failure } from './failure.ts';
import { FILES, fileOf, type Manifest, type NamedFile, namedFiles } from './manifest.ts';
import { checkPart, partPath } from './parts.ts';
import type { Place } from './place.ts';
import { rest, writeWhole } from './write-backup.ts';

/** Where the bytes of pictures and files are: a place, or the blobs of this device. */
export interface FileSource {
  /** Null where they are not there now. */
  read(hash: BlobHash): Promise<Blob | null>;
}

export interface FileTarget {
  /** Those of these that are there. */
  have(hashes: readonly BlobHash[]): Promise<ReadonlySet<BlobHash>>;
  /** They are whole there afterwards, or it throws. */
  write(hash: BlobHash, bytes: Blob): Promise<void>;
}

export interface FilesOneWay {
  readonly from: FileSource;
  readonly to: FileTarget;
}

export interface CopyRun {
  readonly signal: StopSignal;
  /** Waited for after each part and each file. */
  readonly pause: () => Promise<void>;
  /** Called with how far it is. */
  readonly tell?: (progress: BackupProgress) => void;
}

export interface CopyOptions extends CopyRun {
  readonly manifest: Manifest;
  readonly from: Place;
  readonly to: Place;
  /** The parts that lie there whole. */
  readonly kept: ReadonlySet<string>;
  /** Parts that a copy which was killed may have left there: they are read before they count. */
  readonly left: ReadonlySet<string>;
  /** Null where the target keeps no files of its own. */
  readonly files: FilesOneWay | null;
  /** Parts that the original lacks are lacking in the copy as well. Otherwise there is no copy. */
  readonly acceptDamage?: boolean;
}

/** What a copy lacks. */
export interface Lacking {
  /** Files whose bytes could not be had, since they may be nowhere any more. */
  readonly lackingFiles: number;
  /** Their hashes. */
  readonly lackingParts: readonly string[];
}

/** Throws a `Failure`; `BackupDamaged` where a part of the original is not whole, and that is not accepted. Then the copy is not listed. */
export async function copyBackup(options: CopyOptions): Promise<Lacking> {
  const { manifest, from, to, kept, left, files, acceptDamage = false } = options;
  const lackingParts: string[] = [];
  const parts = manifest.parts.filter(({ hash }) => !kept.has(hash));
  const lacking = files ? await lackingAt(manifest, files.to) : [];
  const advance = advanceThrough([...parts, ...lacking], options);
  const lackingFiles = files ? await copyEach(lacking, files, advance) : 0;
  for (const part of parts) {
    const path = partPath(part.hash);
    if (left.has(part.hash) && (await checkPart(await to.read(path), part)).ok) {
      await advance(part.bytes);
      continue;
    }
    const blob = await from.read(path);
    if (!blob || !(await checkPart(blob, part)).ok) {
      if (!acceptDamage) throw new Failure({ type: 'BackupDamaged' });
      lackingParts.push(part.hash);
      await advance(part.bytes);
      continue;
    }
    await to.write(path, new Uint8Array(await blob.arrayBuffer()));
    if (!(await checkPart(await to.read(path), part)).ok) {
      throw new Failure({ type: 'PlaceFailed', reason: 'a part did not come back as it was written' });
    }
    await advance(part.bytes);
  }
  await rest(options);
  await writeWhole(to, manifest);
  return { lackingFiles, lackingParts };
}

/** After each of them, given its bytes: reports how far the copy is, and waits. */
function advanceThrough(all: readonly { readonly bytes: number }[], { tell, ...run }: CopyRun): (bytes: number) => Promise<void> {
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  return async (bytes) => {
    done += bytes;
    tell?.({ phase: 'copying', done, total });
    await rest(run);
  };
}

/** What a backup names and a target does not have. */
async function lackingAt(manifest: Manifest, to: FileTarget): Promise<readonly NamedFile[]> {
  const named = namedFiles(manifest);
  const there = await to.have(named.map(({ hash }) => hash));
  return named.filter(({ hash }) => !there.has(hash));
}

/** Files that go there, and can be read there. */
export interface FilesBothWays {
  readonly from: FileSource;
  readonly to: FileSource & FileTarget;
}

/**
 * What writes the files of a backup that are not there, or, where all of them are to be read, not whole, and gives how many could not be had; null where there
 * is nothing to write.
 */
export async function fillFiles(
  manifest: Manifest,
  files: FilesBothWays,
  isRead: boolean,
  run: CopyRun,
): Promise<(() => Promise<number>) | null> {
  const broken: NamedFile[] = [];
  for (const named of isRead ? namedFiles(manifest) : []) {
    const found = await files.to.read(named.hash);
    if (!found || !(await isWhole(named.hash, found))) broken.push(named);
    await rest(run);
  }
  const lacking = isRead ? broken : await lackingAt(manifest, files.to);
  return lacking.length === 0 ? null : () => copyFiles(lacking, files, run);
}

/** Copies the files of a backup that a target does not have. Gives how many of them could not be had. */
export const copyLacking = async (manifest: Manifest, files: FilesOneWay, run: CopyRun): Promise<number> =>
  copyFiles(await lackingAt(manifest, files.to), files, run);

/** Gives how many of them could not be had. One whose bytes are damaged where they are is such a one: it keeps nothing else waiting. */
const copyFiles = (lacking: readonly NamedFile[], files: FilesOneWay, run: CopyRun): Promise<number> =>
  copyEach(lacking, files, advanceThrough(lacking, run));

async function copyEach(
  lacking: readonly NamedFile[],
  { from, to }: FilesOneWay,
  advance: (bytes: number) => Promise<void>,
): Promise<number> {
  let without = 0;
  for (const { hash, bytes } of lacking) {
    const found = await from.read(hash);
    if (found && (await isWhole(hash, found))) await to.write(hash, found);
    else without += 1;
    await advance(bytes);
  }
  return without;
}

/** Files that are looked at at a time. */
const AT_ONCE = 32;

/** The pictures and files that lie beside the backups of a place. */
export const filesIn = (place: Place): FileSource & FileTarget => ({
  read: (hash) => place.read(fileOf(hash)),
  async have(hashes) {
    // A list costs one question, however many there are.
    const names = new Set(hashes.length === 0 ? [] : await place.list(FILES));
    const named = [...new Set(hashes)].filter((hash) => names.has(hash));
    const there = new Set<BlobHash>();
    for (let at = 0; at < named.length; at += AT_ONCE) {
      const look = async (hash: BlobHash): Promise<void> => {
        // One that is empty was left by a write that was killed.
        if (((await place.read(fileOf(hash)))?.size ?? 0) > 0) there.add(hash);
      };
      await Promise.all(named.slice(at, at + AT_ONCE).map(look));
    }
    return there;
  },
  async write(hash, bytes) {
    await place.write(fileOf(hash), new Uint8Array(await bytes.arrayBuffer()));
    const back = await place.read(fileOf(hash));
    if (!back || !(await isWhole(hash, back))) {
      // By its name it would count as there.
      await place.remove(fileOf(hash)).catch(() => {});
      throw new Failure({ type: 'PlaceFailed', reason: 'a file did not come back as it was written' });
    }
  },
});

/** What cannot be read is not. Throws a `Failure` where its place does not answer. */
async function isWhole(expected: BlobHash, blob: Blob): Promise<boolean> {
  try {
    return (await hashFile(blob)) === expected;
  } catch (error) {
    if (error instanceof Failure && error.error.type !== 'PlaceGone') throw error;
    return false;
  }
}
