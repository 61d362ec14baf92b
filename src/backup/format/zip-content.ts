/** What an archive holds of a backup: its document, whatever folder a person's tool has put it in, and its pictures and files. */
import type { ContentFault, FileFault } from '#core/backup-faults.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { BytePieces } from '#core/byte-pieces.ts';
import { beginHash } from '#core/hash.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { DocumentForm } from './document.ts';
import { jsonForm } from './json-form.ts';
import type { DocumentSource } from './read-document.ts';
import { yamlForm } from './yaml-form.ts';
import { type Archive, type ArchiveEntry, type ArchiveLimits, archiveFault } from './zip-read.ts';
import { documentName } from './zip-write.ts';

export interface ZipDocument {
  readonly form: DocumentForm;
  readonly source: DocumentSource;
  /** The folder that it is in, with its slash; '' for none. */
  readonly folder: string;
}

/** What some systems add to every archive. */
const ADDED = /(?:^|\/)(?:__MACOSX\/|\._)/;

/** The document of a backup; null where there is none. */
export function findDocument({ entries }: Archive, limits: ArchiveLimits): Result<ZipDocument, FileFault> | null {
  const found = [jsonForm, yamlForm].flatMap((form) =>
    entries
      .filter(({ path }) => !ADDED.test(path) && (path === documentName(form) || path.endsWith(`/${documentName(form)}`)))
      .map((entry) => ({ form, entry })),
  );
  const [first, second] = found;
  if (!first) return null;
  // Which of the two is the backup cannot be known.
  if (second) return err({ type: 'BadPath', path: second.entry.path });
  const { form, entry } = first;
  const folder = entry.path.slice(0, -documentName(form).length);
  return ok({ form, folder, source: entrySource(entry, limits) });
}

export const entrySource = (entry: ArchiveEntry, limits: ArchiveLimits): DocumentSource => ({
  stream: () => entry.stream(),
  faultOf: archiveFault(limits),
});

/** A picture or file of a backup that has been opened. */
export interface OpenedFile {
  readonly hash: BlobHash;
  /** Without its dot; empty where there is none. */
  readonly extension: string;
  readonly size: number;
  /**
   * Has `use` take its bytes, which throw at their end where they are those of another hash: it keeps nothing of them then. Gives what is wrong with them.
   * Whatever else `use` throws is thrown on.
   */
  give(use: (pieces: BytePieces) => Promise<void>): Promise<ContentFault | null>;
}

const FILE = /^files\/([0-9a-f]{64})(?:\.([a-z0-9]{1,8}))?$/;

/** The pictures and files below a folder, in the order of the archive. */
export function fileEntries(
  { entries }: Archive,
  folder: string,
): readonly (ArchiveEntry & { hash: BlobHash; extension: string })[] {
  return entries.flatMap((entry) => {
    const inside = entry.path.startsWith(folder) ? entry.path.slice(folder.length) : '';
    const [, hash, extension = ''] = FILE.exec(inside) ?? [];
    return hash === undefined ? [] : [{ ...entry, hash, extension }];
  });
}

/** See `OpenedFile.give`. */
export async function giveFile(
  entry: ArchiveEntry,
  hash: BlobHash,
  limits: ArchiveLimits,
  use: (pieces: BytePieces) => Promise<void>,
): Promise<ContentFault | null> {
  const found: { fault: ContentFault | null } = { fault: null };
  const pieces = async function* (): BytePieces {
    const running = beginHash();
    const read = entry.pieces();
    const next = () =>
      read.next().catch((error: unknown) => {
        const fault = archiveFault(limits)(error);
        found.fault = fault.type === 'BadArchive' ? { type: 'FileDamaged', hash } : fault;
        throw error;
      });
    try {
      for (;;) {
        const { done, value } = await next();
        if (done) break;
        running.update(value);
        yield value;
      }
      if (running.end() === hash) return;
      found.fault = { type: 'FileDamaged', hash };
      throw new Error('the bytes are those of another hash');
    } finally {
      await read.return();
    }
  };
  try {
    await use(pieces());
  } catch (error) {
    if (!found.fault) throw error;
  }
  return found.fault;
}
