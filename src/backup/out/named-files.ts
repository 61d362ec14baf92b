/** The pictures and files that entities name, for a file that is to have all of them: their bytes, or a list of what is not to be had. */
import { type BlobHash, readReference, WHOLE_REFERENCE } from '#core/blobs.ts';
import type { FetchError, StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';

/** Where an archive says which files it lacks. */
export const MISSING_PATH = 'files/MISSING.txt';

/** Every reference once, with what named it first. */
export interface NamedFiles {
  /** Notes what a text names. `namedBy` is asked only where it names something new. */
  note(text: string, namedBy: () => string): void;
  readonly entries: ReadonlyMap<string, string>;
}

export function createNamedFiles(): NamedFiles {
  const entries = new Map<string, string>();
  return {
    note(text, namedBy) {
      if (!text.includes('files/')) return;
      for (const [reference] of text.matchAll(WHOLE_REFERENCE)) if (!entries.has(reference)) entries.set(reference, namedBy());
    },
    entries,
  };
}

/** Where bytes come from. Plain data both ways: it may be asked from another worker. */
export interface FilePort {
  /** The bytes of a file of this device; null where they are not here. */
  read(hash: BlobHash): Promise<Result<Blob | null, StoreError>>;
  /** Gets the bytes from the server, if that has them. */
  fetch(hash: BlobHash): Promise<Result<unknown, StoreError | FetchError>>;
}

export interface FoundFile {
  readonly hash: BlobHash;
  /** Without its dot; empty where there is none. */
  readonly extension: string;
}

export interface FoundFiles {
  readonly here: readonly FoundFile[];
  readonly missing: number;
  /** The text of the file that names what is missing; empty where nothing is. */
  readonly missingText: string;
}

/** For whoever reads the list of what is missing. */
const reasons: { readonly [E in (StoreError | FetchError)['type']]?: string } = {
  BlobMissing: 'it is not on this device, and the server does not have it',
  SyncOff: 'it is not on this device, and sync is off here',
  QuotaExceeded: 'it is on the server, and this device has no room for it',
};
const UNREACHED = 'it is not on this device, and the server could not be reached';
const UNREADABLE = 'it could not be read';

/** After so many files without an answer the server is not asked for the others. */
const UNANSWERED = 2;

/** Looks for every named file, and fetches what is not here. `step` is called before each; whatever it throws ends it. */
export async function findFiles(
  { entries }: NamedFiles,
  { read, fetch }: FilePort,
  step: (done: number, total: number) => void,
): Promise<FoundFiles> {
  const here: FoundFile[] = [];
  const missing: string[] = [];
  let unanswered = 0;
  let lastReason = '';

  /** Why it is not to be had; empty where it is here now. */
  const lookFor = async (hash: BlobHash): Promise<string> => {
    const found = await read(hash);
    if (found.ok && found.value) return '';
    if (!found.ok) return UNREADABLE;
    if (unanswered >= UNANSWERED) return lastReason;
    const fetched = await fetch(hash);
    if (!fetched.ok) {
      const reason = reasons[fetched.error.type];
      unanswered = reason === undefined || fetched.error.type === 'SyncOff' ? unanswered + 1 : 0;
      lastReason = reason ?? UNREACHED;
      return lastReason;
    }
    unanswered = 0;
    const again = await read(hash);
    return again.ok && again.value ? '' : UNREADABLE;
  };

  for (const [reference, namedBy] of entries) {
    step(here.length + missing.length, entries.size);
    const file = readReference(reference);
    const reason = file ? await lookFor(file.hash) : UNREADABLE;
    if (reason === '' && file) here.push(file);
    else missing.push(`${reference}\n  named in ${namedBy}: ${reason}`);
  }
  return { here, missing: missing.length, missingText: missing.length === 0 ? '' : missingText(missing) };
}

const missingText = (
  missing: readonly string[],
): string => `These files are named in what was written, and are not in this archive:

${missing.join('\n')}

Open Holdfast with a network, and download it again.
`;
