/** What an archive holds of a backup: its document, whatever folder a person's tool has put it in, and its pictures and files. */
import type { ContentFault, FileFault } from '#core/backup-faults.ts';
import type { BlobHash } from '#core/blobs.ts';
import { beginHash } from '#core/hash.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { DocumentForm } from './document.ts';
import { jsonForm } from './json-form.ts';
import type { DocumentSource } from './read-document.ts';
import type { TempFiles } from './temp-files.ts';
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
  /** Its bytes, in a temporary file of their own that `discard` removes. Those of another hash are not given. */
  open(): Promise<Result<OpenedBytes, ContentFault>>;
}

export interface OpenedBytes {
  readonly blob: Blob;
  discard(): Promise<void>;
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

/** Unpacks one file and compares its hash. Rejects with what the temporary file throws. */
export async function unpackFile(
  entry: ArchiveEntry,
  hash: BlobHash,
  temp: TempFiles,
  limits: ArchiveLimits,
): Promise<Result<OpenedBytes, ContentFault>> {
  const target = await temp.create();
  const running = beginHash();
  const reader = entry.stream().getReader();
  const writer = target.sink.getWriter();
  let side: 'archive' | 'file' = 'archive';
  try {
    for (;;) {
      side = 'archive';
      const { done, value } = await reader.read();
      side = 'file';
      if (done) break;
      running.update(value);
      await writer.write(value);
    }
    await writer.close();
    if (running.end() === hash) return ok({ blob: await target.finish(), discard: () => target.discard() });
  } catch (error) {
    await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
    await target.discard();
    if (side === 'file') throw error;
    const fault = archiveFault(limits)(error);
    return err(fault.type === 'BadArchive' ? { type: 'FileDamaged', hash } : fault);
  }
  await target.discard();
  return err({ type: 'FileDamaged', hash });
}
