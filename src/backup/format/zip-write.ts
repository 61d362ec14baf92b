import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-writer.js';
import { type BlobHash, blobReference } from '#core/blobs.ts';
import type { DocumentForm } from './document.ts';
import type { BackupHead } from './head.ts';
import { writeDocument } from './write-document.ts';

/** A picture or file that records name. */
export interface BackupFile {
  readonly hash: BlobHash;
  /** Without its dot; empty where there is none. */
  readonly extension: string;
  readonly bytes: Blob;
}

export interface BackupContent {
  readonly head: BackupHead;
  /** Those of `recordLine`, in the order of `compareKeys`. */
  readonly lines: AsyncIterable<string>;
  /** Each once, as many as the head says. */
  readonly files: AsyncIterable<BackupFile>;
  /** Texts beside them that a reader passes over. */
  readonly added?: readonly { readonly path: string; readonly text: string }[];
}

/** Pictures and sound are compressed by themselves, and 100 MB of a PDF would gain little for their time. */
const STORED = { level: 0 } as const;

export const documentName = ({ name }: DocumentForm): string => `backup.${name}`;

/**
 * Writes a backup with its pictures and files as a ZIP, and closes `sink`: the document, then `files/<hash>.<extension>`, as the records name them. As
 * few entries as there can be, any size (ZIP64). Rejects with what the sink, the lines or the files throw; the sink is then aborted.
 */
export async function writeZip(form: DocumentForm, content: BackupContent, sink: WritableStream<Uint8Array>): Promise<void> {
  const { head, lines, files, added = [] } = content;
  // The time of the backup on every file: equal backups are equal bytes.
  const options = { useWebWorkers: false, keepOrder: true, bufferedWrite: false, lastModDate: new Date(head.madeAt) };
  const zip = new ZipWriter(sink, options);
  try {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    await Promise.all([zip.add(documentName(form), readable), writeDocument(form, head, lines, writable)]);
    for await (const { hash, extension, bytes } of files) await zip.add(blobReference(hash, extension), bytes.stream(), STORED);
    for (const { path, text } of added) await zip.add(path, new Blob([text]).stream());
    await zip.close();
  } catch (error) {
    await sink.abort(error).catch(() => {});
    throw error;
  }
}
