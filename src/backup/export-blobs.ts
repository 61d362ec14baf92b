/** The pictures and files that an export's documents name: their bytes, or a list of what is not to be had. */
import { type BlobHash, readReference, WHOLE_REFERENCE } from '#core/blobs.ts';
import type { StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';

/** Where the archive says which files it lacks. */
export const MISSING_PATH = 'files/MISSING.txt';

/** Whether a file is here now; `reason` says in words why it is not. */
export type FetchedFile = { readonly here: true } | { readonly here: false; readonly reason: string; readonly offline: boolean };

/** The references that an export has written, each with the document that names it. */
export interface NamedFiles {
  /** Notes what a text in a file of that path names. */
  note(path: string, text: string): void;
  /** Every reference once, as the path of its file in the archive, with the path that named it first. */
  entries(): readonly (readonly [reference: string, namedBy: string])[];
}

export function createNamedFiles(): NamedFiles {
  const named = new Map<string, string>();
  return {
    note(path, text) {
      if (!text.includes('files/')) return;
      for (const [reference] of text.matchAll(WHOLE_REFERENCE)) if (!named.has(reference)) named.set(reference, path);
    },
    entries: () => [...named],
  };
}

const BARE_REFERENCE = new RegExp(`(?<![/\\w])${WHOLE_REFERENCE.source}`, 'g');

/** The text as it is in the archive under that path: its references lead to the files from there. */
export function fromPath(path: string, text: string): string {
  const up = '../'.repeat(path.split('/').length - 1);
  return up === '' || !text.includes('files/') ? text : text.replace(BARE_REFERENCE, (reference) => up + reference);
}

export interface FileSource {
  /** The bytes of a file of this device; null where they are not here. */
  readonly read: (hash: BlobHash) => Promise<Result<Blob | null, StoreError>>;
  /** Gets the bytes from the server, if that has them. */
  readonly fetch: (hash: BlobHash) => Promise<FetchedFile>;
}

export interface BlobExport extends FileSource {
  readonly named: NamedFiles;
  readonly write: (path: string, bytes: Blob) => Promise<void>;
  /** Called before each file with how many are done, and how many there are. Throws where the person stops it. */
  readonly step: (done: number, total: number) => void;
}

export interface WrittenFiles {
  readonly files: number;
  /** The text of the file that names what is missing; null where nothing is. */
  readonly missing: { readonly files: number; readonly text: string } | null;
}

/** After so many files without an answer the server is not asked for the others. */
const OFFLINE_AFTER = 2;

/** Writes the bytes of every named file under its reference. What cannot be had is listed; only the archive itself can fail. */
export async function writeFiles({ named, read, fetch, write, step }: BlobExport): Promise<WrittenFiles> {
  const all = named.entries();
  const missing: string[] = [];
  let unanswered = 0;
  let lastReason = '';

  const bytesOf = async (hash: BlobHash): Promise<Blob | string> => {
    const found = await read(hash);
    if (found.ok && found.value) return found.value;
    if (!found.ok) return 'it could not be read';
    if (unanswered >= OFFLINE_AFTER) return lastReason;
    const fetched = await fetch(hash);
    if (!fetched.here) {
      unanswered = fetched.offline ? unanswered + 1 : 0;
      lastReason = fetched.reason;
      return fetched.reason;
    }
    unanswered = 0;
    const again = await read(hash);
    return (again.ok && again.value) || 'it could not be read';
  };

  for (const [at, [reference, namedBy]] of all.entries()) {
    step(at, all.length);
    const hash = readReference(reference)?.hash ?? null;
    const bytes = hash === null ? 'it could not be read' : await bytesOf(hash);
    if (typeof bytes === 'string') missing.push(`${reference}\n  named in ${namedBy}: ${bytes}`);
    else await write(reference, bytes);
  }
  step(all.length, all.length);
  const files = all.length - missing.length;
  return { files, missing: missing.length === 0 ? null : { files: missing.length, text: missingText(missing) } };
}

const missingText = (missing: readonly string[]): string => `These files are named in the documents, and are not in this archive:

${missing.join('\n')}

Open Holdfast with a network, and export again.
`;
