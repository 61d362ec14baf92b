/**
 * A folder of Markdown as records of a backup: each file a document, with what it shows. Documents that were written here come back under their own
 * ids; those of other apps get one that is the same each time that the folder comes.
 */
import { type BackupRecord, MAX_RECORD_CHARS, stampsAt } from '#backup/format/record.ts';
import { decodeUtf8, reasonOf } from '#backup/format/text-bytes.ts';
import { hashFile } from '#backup/hash-file.ts';
import { type BlobHash, blobReference, MAX_BLOB_BYTES, readReference } from '#core/blobs.ts';
import { hashText } from '#core/hash.ts';
import { idOfContent } from '#core/ids.ts';
import type { MarkdownFault } from '#core/markdown-faults.ts';
import { cutText } from '#core/text.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { DOCUMENT, type Folder, type FolderFile, indexFolder, tidyFolder } from './folder.ts';
import { findLinks, type Link, replaceLinks } from './links.ts';
import { type ReadFile, readFile } from './read-file.ts';
import { type KnownDocument, vaultWords } from './same-vault.ts';

export interface ReadFolderOptions {
  /** Of the kind whose text is its file. */
  readonly declaration: DocumentKind;
  /** The id of a document that is here and ends like this (`suffixOf`): of one that came with the folder before. */
  readonly knownId: (suffix: string) => string | undefined;
  /** Its text; null where nothing is left of it. */
  readonly textOf: (id: string) => Promise<string | null>;
  /** Wall time in ms: nothing is newer. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** Called before each file that is read. */
  readonly onFile: (done: number, total: number) => void;
}

export interface FolderRecords {
  /** In the order of their files. Read once. */
  readonly records: AsyncIterable<BackupRecord>;
  /** What is wrong: complete when all records have been read. */
  readonly faults: readonly MarkdownFault[];
  /** The file whose bytes have this hash, of those that records name. */
  fileOf(hash: BlobHash): FolderFile | undefined;
}

/** What of an id is not the time at which it was made. */
export const suffixOf = (id: string): string => id.slice(15);

/** A first line of another app may be a whole text. */
const LONGEST_TITLE = 300;
const UNIX_2000 = 946_684_800_000;

export function readFolder(given: Folder, options: ReadFolderOptions): FolderRecords {
  const { declaration, nowMs, signal, onFile } = options;
  const folder = tidyFolder(given);
  const index = indexFolder(folder);
  const documents = folder.files.filter(({ path }) => DOCUMENT.test(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const faults: MarkdownFault[] = [];
  const bytes = new Map<BlobHash, FolderFile>();
  const references = new Map<string, string>();
  const unreadable = new Set<string>();
  const titles = new Map<string, string>();
  const named = new Set<string>();
  const ids = new Map<string, string>();

  for (const file of folder.files) {
    const reference = readReference(file.path);
    if (reference) bytes.set(reference.hash, file);
  }

  const read = async (file: FolderFile): Promise<ReadFile | MarkdownFault> => {
    const limitBytes = MAX_RECORD_CHARS / 4;
    if (file.size > limitBytes) return { path: file.path, type: 'DocumentTooLarge', limitBytes };
    try {
      const text = decodeUtf8(
        new Uint8Array(await new Response(file.stream() as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer()),
      );
      return text === null ? { path: file.path, type: 'NotUtf8' } : readFile(file.path, text.replace(/^\ufeff/, ''), declaration);
    } catch (error) {
      return { path: file.path, type: 'Unreadable', reason: reasonOf(error) };
    }
  };

  /** The reference of a file that is shown or linked to; its bytes are read once. */
  const referTo = async (file: FolderFile, from: string): Promise<string | null> => {
    const known = references.get(file.path);
    if (known !== undefined) return known;
    if (unreadable.has(file.path)) return null;
    if (file.size > MAX_BLOB_BYTES) {
      faults.push({ path: from, type: 'FileTooLarge', target: file.path, limitBytes: MAX_BLOB_BYTES });
      return null;
    }
    const hash = await hashFile(file).catch((error: unknown) => {
      faults.push({ path: file.path, type: 'Unreadable', reason: reasonOf(error) });
      unreadable.add(file.path);
      return null;
    });
    if (hash === null) return null;
    const [, extension = ''] = /\.([A-Za-z0-9]{1,8})$/.exec(file.path) ?? [];
    const reference = blobReference(hash, extension.toLowerCase());
    bytes.set(hash, file);
    references.set(file.path, reference);
    return reference;
  };

  const titleOf = async (file: FolderFile): Promise<string | null> => {
    const known = titles.get(file.path);
    if (known !== undefined) return known;
    const found = await read(file);
    if ('type' in found) return null;
    titles.set(file.path, found.title);
    return found.title;
  };

  /** The text with links that lead somewhere here. */
  const withLinks = async (path: string, { text, id }: ReadFile): Promise<string> => {
    const ways = new Map<string, { readonly reference: string } | { readonly title: string }>();
    for (const link of findLinks(text)) {
      const key = keyOf(link);
      if (ways.has(key) || readReference(link.target)) continue;
      const file = index.find(link.target, path, link.isByName);
      if (!file) {
        if (isFileName(link)) faults.push({ path, type: 'MissingFile', target: link.target });
        continue;
      }
      named.add(file.path);
      if (DOCUMENT.test(file.path)) {
        const title = id === null ? await titleOf(file) : null;
        // A title that a link cannot hold stays as it was written.
        if (title && !/[[\]|\n]/.test(title)) ways.set(key, { title });
        continue;
      }
      const reference = await referTo(file, path);
      if (reference !== null) ways.set(key, { reference });
    }
    return ways.size === 0 ? text : replaceLinks(text, (link) => ways.get(keyOf(link)) ?? null);
  };

  const knownIn = (words: string): readonly KnownDocument[] =>
    documents.flatMap((file) => {
      const known = options.knownId(suffixOf(idFor(`${words}\n${file.path}`, 0)));
      if (known === undefined) return [];
      const there = async (): Promise<string | null> => {
        const found = await read(file);
        return 'type' in found || found.id !== null ? null : found.text;
      };
      return [{ there, here: () => options.textOf(known) }];
    });

  const idOf = (words: string, file: FolderFile, { id, created }: ReadFile): string => {
    if (id !== null && !ids.has(id)) return id;
    const other = id === null ? undefined : ids.get(id);
    if (other !== undefined) faults.push({ path: file.path, type: 'SameId', other });
    const made = idFor(`${words}\n${file.path}`, created ?? timeOf(file, nowMs));
    return options.knownId(suffixOf(made)) ?? made;
  };

  async function* records(): AsyncGenerator<BackupRecord> {
    const words = await vaultWords({ name: folder.name, known: knownIn });
    for (const [at, file] of documents.entries()) {
      signal.throwIfAborted();
      onFile(at, documents.length);
      const found = await read(file);
      if ('type' in found) {
        faults.push(found);
        continue;
      }
      if (found.fault) faults.push({ path: file.path, type: 'BadFrontMatter', ...found.fault });
      if (found.otherKind !== null) {
        faults.push({ path: file.path, type: 'OtherKind', kind: found.otherKind });
        continue;
      }
      const id = idOf(words, file, found);
      ids.set(id, file.path);
      const { titleField, textField = '' } = declaration.document;
      const text = await withLinks(file.path, found);
      const fields = {
        ...found.fields,
        [titleField]: found.id === null ? cutText(found.title, LONGEST_TITLE) : found.title,
        [textField]: text,
      };
      const ms = Math.min(nowMs, Math.max(found.updated ?? 0, file.modifiedAt) || nowMs);
      yield { kind: declaration.kind, id, v: declaration.version, fields, stamps: stampsAt(ms, fields) };
    }
    for (const { path } of folder.files) {
      if (!DOCUMENT.test(path) && !named.has(path) && !path.startsWith('files/') && path !== 'README.txt')
        faults.push({ path, type: 'NotNamed' });
    }
  }

  return { records: records(), faults, fileOf: (hash) => bytes.get(hash) };
}

const keyOf = ({ target, isByName }: Link): string => `${isByName ? 'name' : 'path'} ${target}`;

/** A link by name without an ending leads to a document that may not have been written yet. */
const isFileName = ({ target, isByName, isShown }: Link): boolean =>
  /\.[A-Za-z0-9]{1,8}$/.test(target) && (!isByName || isShown || !DOCUMENT.test(target)) && (isShown || !isByName);

/** When a file was last written; now where nobody knows. */
const timeOf = ({ modifiedAt }: FolderFile, nowMs: number): number =>
  modifiedAt > UNIX_2000 && modifiedAt <= nowMs ? modifiedAt : nowMs;

/** The same words give the same id, but for its time. */
const idFor = (words: string, madeAt: number): string => idOfContent(hashText(words), madeAt);
