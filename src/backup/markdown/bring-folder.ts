/**
 * Brings a folder of Markdown: it becomes a backup that was brought, so that the dry run, the restore and its undo are those of every other one. Whatever
 * ends it before, nothing of it is listed.
 */
import { FILE_LIMITS } from '#backup/format/opened-backup.ts';
import { decryptFile, isEncrypted } from '#backup/format/passphrase.ts';
import type { TempFiles } from '#backup/format/temp-files.ts';
import { openArchive } from '#backup/format/zip-read.ts';
import type { Bringing } from '#backup/kept/bring-records.ts';
import { Failure, take } from '#backup/kept/failure.ts';
import { goOnUnless } from '#backup/kept/write-backup.ts';
import type { BringWorld } from '#backup/restore/bring-file.ts';
import { sortRecords } from '#backup/restore/sort-records.ts';
import { ofKind, rowPages } from '#backup/row-pages.ts';
import type { FileFault } from '#core/backup-faults.ts';
import type { RowReader } from '#core/backup-rows.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { BroughtMarkdown, MarkdownFault } from '#core/markdown-faults.ts';
import { err, ok, type Result } from '#core/result.ts';
import { linkedKind } from '#entities/documents.ts';
import type { Folder, FolderFile } from './folder.ts';
import { type FolderRecords, readFolder, suffixOf } from './read-folder.ts';

export interface PickedFile {
  /** From the folder that was picked on, its name included. */
  readonly path: string;
  readonly file: File;
}

export interface BringFolderWorld extends Pick<BringWorld, 'temp' | 'keep' | 'haveFiles' | 'signal' | 'tell'> {
  readonly putFile: (hash: BlobHash, bytes: Blob) => Promise<void>;
  readonly about: Pick<Bringing['about'], 'app' | 'account' | 'workspace' | 'device'>;
  /** Of the workspace: what came from the same folder before is known again. */
  readonly rows: RowReader;
  /** Wall time in ms. */
  readonly nowMs: number;
}

/** Nothing that can be read as a document is in it. */
class Empty extends Error {}

/** `passphrase`: of an archive that is encrypted. Throws a `Failure`: `BackupStopped` where the signal ends it. */
export async function bringFolder(
  name: string,
  from: File | readonly PickedFile[],
  world: BringFolderWorld,
  passphrase?: string,
): Promise<BroughtMarkdown> {
  const { signal, tell, nowMs } = world;
  const opened = await openFolder(name, from, world, passphrase);
  if (!opened.ok) return { type: 'unreadable', fault: opened.error };
  const { folder, close } = opened.value;
  try {
    const known = await knownIds(world);
    const faults: MarkdownFault[] = [];
    const read = readFolder(folder, {
      declaration: linkedKind(),
      knownId: (suffix) => known.get(suffix),
      textOf: (id) => textOf(world, id),
      nowMs,
      signal,
      onFile: (done, total) => tell({ phase: 'writing', done, total }),
    });
    try {
      const backup = await world.keep({
        about: {
          ...world.about,
          localSeq: 0,
          madeAt: newestOf(folder, nowMs),
          from: { type: from instanceof File ? 'file' : 'folder', name },
        },
        records: sortRecords(read.records, world.temp),
        complete: async (named, records) => {
          if (records === 0) throw new Empty();
          return bringFiles(read, named, world, (fault) => faults.push(fault));
        },
      });
      return { type: 'brought', backup, faults: [...read.faults, ...faults] };
    } catch (error) {
      if (error instanceof Empty) return { type: 'nothing', faults: read.faults };
      throw error;
    }
  } catch (error) {
    goOnUnless(signal);
    throw error;
  } finally {
    await close();
  }
}

/** When the newest of its files was written: the same folder is the same backup, however often it comes. */
function newestOf({ files }: Folder, nowMs: number): number {
  return files.reduce((newest, { modifiedAt }) => (modifiedAt <= nowMs ? Math.max(newest, modifiedAt) : newest), 0) || nowMs;
}

interface OpenedFolder {
  readonly folder: Folder;
  readonly close: () => Promise<void>;
}

async function openFolder(
  name: string,
  from: File | readonly PickedFile[],
  { temp, signal, tell }: BringFolderWorld,
  passphrase: string | undefined,
): Promise<Result<OpenedFolder, FileFault>> {
  if (!(from instanceof File)) {
    const files = from.map(({ path, file }) => ({
      path,
      file,
      size: file.size,
      modifiedAt: file.lastModified,
      stream: () => file.stream(),
    }));
    return ok({ folder: { name, files }, close: async () => {} });
  }
  let done = 0;
  const onBytes = (bytes: number): void => {
    done += bytes;
    tell({ phase: 'reading', done: Math.min(done, from.size), total: from.size });
  };
  const decrypted = (await isEncrypted(from)) ? await decryptFile(from, passphrase, temp, signal, onBytes) : null;
  if (decrypted && !decrypted.ok) return decrypted;
  const discard = async (): Promise<void> => decrypted?.value.file.discard();
  const opened = await openArchive(decrypted?.value.blob ?? from, FILE_LIMITS);
  if (!opened.ok) {
    await discard();
    return err(opened.error);
  }
  const { entries, close } = opened.value;
  const closeAll = async (): Promise<void> => {
    await close();
    await discard();
  };
  return ok({ folder: { name: name.replace(/(?:\.zip)?(?:\.age)?$/i, ''), files: entries }, close: closeAll });
}

/** The ids of the documents that are here, by what of them is no time. */
async function knownIds({ rows, signal }: BringFolderWorld): Promise<ReadonlyMap<string, string>> {
  const { kind } = linkedKind();
  const known = new Map<string, string>();
  goOnUnless(signal);
  for await (const page of rowPages(rows, ofKind(kind))) {
    for (const { id } of page) known.set(suffixOf(id), id);
    goOnUnless(signal);
  }
  return known;
}

/** The text of a document that is here. */
async function textOf({ rows }: BringFolderWorld, id: string): Promise<string | null> {
  const { kind, document } = linkedKind();
  const { rows: found } = take(await rows.page({ from: [kind, id], to: [kind, `${id}~`] }));
  const text = found[0]?.fields[document.textField ?? ''];
  return typeof text === 'string' ? text : null;
}

/** Bytes come before the records that name them count. What is wrong with one of them keeps nothing else out. */
async function bringFiles(
  { fileOf }: FolderRecords,
  named: readonly BlobHash[],
  { haveFiles, putFile, temp, signal, tell }: BringFolderWorld,
  onFault: (fault: MarkdownFault) => void,
): Promise<ReadonlyMap<BlobHash, number>> {
  const here = new Set(named.length === 0 ? [] : await haveFiles(named));
  const sizes = new Map<BlobHash, number>();
  for (const [done, hash] of named.entries()) {
    tell({ phase: 'files', done, total: named.length });
    signal.throwIfAborted();
    const file = fileOf(hash);
    if (!file) continue;
    const fault = here.has(hash)
      ? null
      : await withBytes(file, temp, (bytes) => putFile(hash, bytes)).then(
          () => null,
          (error: unknown) => faultOf(file.path, error),
        );
    if (fault) onFault(fault);
    else sizes.set(hash, file.size);
  }
  return sizes;
}

/** What is wrong with the file itself; whatever else it was is thrown. */
function faultOf(path: string, error: unknown): MarkdownFault {
  if (error instanceof Failure && error.error.type === 'WrongBytes') return { path, type: 'WrongBytes' };
  if (error instanceof Failure && error.error.type === 'FileUnreadable') {
    return { path, type: 'Unreadable', reason: error.error.reason };
  }
  throw error;
}

async function withBytes({ file, stream }: FolderFile, temp: TempFiles, use: (bytes: Blob) => Promise<void>): Promise<void> {
  if (file) return use(file);
  const target = await temp.create();
  try {
    await stream().pipeTo(target.sink);
    await use(await target.finish());
  } finally {
    await target.discard();
  }
}
