/** Documents as a folder of Markdown, with the pictures and files that they name: what other apps and people read. */
import { type BackupRecord, readRecord } from '#backup/format/record.ts';
import { createNamedFiles, type FilePort, findFiles, MISSING_PATH } from '#backup/out/named-files.ts';
import type { BackupProgress, DownloadedFiles } from '#core/backups.ts';
import { blobReference } from '#core/blobs.ts';
import { capitalize } from '#core/entity.ts';
import type { Json } from '#core/json.ts';
import { ok } from '#core/result.ts';
import { documentKinds, listWords } from '#entities/documents.ts';
import { withChildren } from './children.ts';
import { createNames } from './file-names.ts';
import { createInsidePictures, type InsidePictures } from './inside-pictures.ts';
import { fromPath } from './references.ts';
import { filePath, fileText, isPlainText, updatedAt } from './write-file.ts';

export interface MarkdownSource {
  /** The lines of all records (`recordLine`), each time that it is called. */
  readonly lines: () => AsyncIterable<string>;
  /** How many there are of documents, for the progress. */
  readonly documents: number;
  readonly files: FilePort;
}

/** Takes files one after the other: those of an archive, or of a folder. */
export interface FolderSink {
  /** `modifiedAt`: wall time in ms. */
  add(path: string, content: Blob, modifiedAt: number): Promise<void>;
}

/** Rejects with what `sink` and `step` throw. */
export async function writeFolder(
  { lines, documents, files }: MarkdownSource,
  sink: FolderSink,
  step: (progress: BackupProgress) => void,
): Promise<Pick<DownloadedFiles, 'files' | 'missing'>> {
  const names = createNames();
  const named = createNamedFiles();
  const inside = createInsidePictures();
  let done = 0;
  let newest = 0;
  await sink.add(names('README.txt'), new Blob([readmeText()]), 0);
  const records = async function* (): AsyncGenerator<BackupRecord> {
    for await (const line of lines()) {
      const read = readRecord(JSON.parse(line) as Json);
      if (read.ok && read.value.raw === undefined) yield read.value;
    }
  };
  for (const declaration of documentKinds()) {
    for await (const { record, children } of withChildren(declaration, records)) {
      step({ phase: 'writing', done: done++, total: documents });
      const path = names(filePath(declaration, record));
      const whole = fileText(declaration, record, children);
      const text = isPlainText(declaration) ? whole : inside.moveOut(whole);
      named.note(text, () => path);
      newest = Math.max(newest, updatedAt(record));
      await sink.add(path, new Blob([fromPath(path, text)]), updatedAt(record));
    }
  }
  const source = withInside(files, inside);
  const found = await findFiles(named, source, (at, total) => step({ phase: 'files', done: at, total }));
  for (const [at, { hash, extension }] of found.here.entries()) {
    step({ phase: 'writing', done: at, total: found.here.length });
    const read = await source.read(hash);
    if (read.ok && read.value) await sink.add(blobReference(hash, extension), read.value, newest);
  }
  if (found.missing > 0) await sink.add(MISSING_PATH, new Blob([found.missingText]), newest);
  return { files: found.here.length, missing: found.missing };
}

const withInside = (files: FilePort, inside: InsidePictures): FilePort => ({
  read: async (hash) => {
    const moved = inside.read(hash);
    return moved ? ok(moved) : files.read(hash);
  },
  fetch: (hash) => files.fetch(hash),
});

function readmeText(): string {
  const [plain = [], others = []] = [true, false].map((is) => documentKinds().filter((kind) => isPlainText(kind) === is));
  const folders = others.map(({ nouns }) => `${capitalize(nouns.many)}/  each ${nouns.one} as a document`);
  return `These are the ${listWords(documentKinds().map(({ nouns }) => nouns.many))} of a Holdfast workspace as Markdown.

Each ${listWords(
    plain.map(({ nouns }) => nouns.one),
    'or',
  )} is a file, in the folder of its notebook. The lines between the dashes at its beginning say what it is known by: with
them Holdfast finds it again when the folder is brought back.

${folders.join('\n')}
Bin/    what was in the bin
files/  the pictures and files that they name; MISSING.txt lists those that could not be had

Settings, keys and earlier versions are not in it: a backup as ZIP has the settings.
`;
}
