/** Folders of Markdown in memory, written and read. */

import type { BackupRecord } from '#backup/format/record.ts';
import type { Folder, FolderFile } from '#backup/markdown/folder.ts';
import { readFolder } from '#backup/markdown/read-folder.ts';
import { writeFolder } from '#backup/markdown/write-folder.ts';
import type { FilePort } from '#backup/out/named-files.ts';
import { err, ok } from '#core/result.ts';
import { linkedKind } from '#entities/documents.ts';
import { linesOf } from './backup-content.ts';

export const NOW = Date.UTC(2026, 10, 27, 12);

export const aFolderFile = (path: string, content: string | Uint8Array<ArrayBuffer>, modifiedAt = NOW - 1000): FolderFile => {
  const blob = new Blob([content]);
  return { path, size: blob.size, modifiedAt, stream: () => blob.stream() };
};

export const aFolder = (files: { readonly [path: string]: string | Uint8Array<ArrayBuffer> }, name = 'Vault'): Folder => ({
  name,
  files: Object.entries(files).map(([path, content]) => aFolderFile(path, content)),
});

/** Bytes that are here, by their hash. */
export const filesHere = (bytes: { readonly [hash: string]: Blob } = {}): FilePort => ({
  read: async (hash) => ok(bytes[hash] ?? null),
  fetch: async () => err({ type: 'BlobMissing' }),
});

/** What is written of some records: text, but for what lies below `files/`. */
export async function writtenFolder(records: readonly BackupRecord[], files = filesHere()) {
  const written: FolderFile[] = [];
  const texts = new Map<string, string>();
  const counts = await writeFolder(
    { lines: () => linesOf(records), documents: records.length, files },
    {
      async add(path, content, modifiedAt) {
        written.push({ path, size: content.size, modifiedAt, stream: () => content.stream() });
        texts.set(path, await content.text());
      },
    },
    () => {},
  );
  return { folder: { name: 'Holdfast', files: written }, texts, counts };
}

export async function readBackFolder(folder: Folder, known: readonly string[] = []) {
  const read = readFolder(folder, {
    declaration: linkedKind(),
    knownId: (suffix) => known.find((id) => id.endsWith(suffix)),
    textOf: async () => null,
    nowMs: NOW,
    signal: new AbortController().signal,
    onFile: () => {},
  });
  const records: BackupRecord[] = [];
  for await (const record of read.records) records.push(record);
  return { records, faults: read.faults, fileOf: read.fileOf };
}
