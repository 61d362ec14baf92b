/**
 * Brings the rows of blobs and their bytes together again: after the database or the bytes were put back from a copy, or where a disk has
 * damaged some. A row whose bytes are gone or damaged no longer says that the blob is there, and devices that have it are asked for it.
 * Bytes that no row knows get one if they match their hash: what nothing names is then removed by the collector, like everything else. The
 * server may be running. Nothing is decided from an answer that did not come.
 */
import type { BlobHash } from '#core/blobs.ts';
import type { AccountId } from '#core/ids.ts';
import type { Clock } from '#core/ports.ts';
import type { BlobKey, BlobStore, StoredBlob } from '#server/blobs/blob-store.ts';
import { type BlobFinding, describeFinding, inspectBlob, nameBlob } from '#server/blobs/inspect-blob.ts';
import type { BlobRow, Storage } from '#server/storage/storage.ts';

const PER_READ = 1000;

interface SoundDeps {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, 'now'>;
  /** Whether rows may lose all of their bytes at once. Without it a place that holds nothing at all is taken for the wrong one. */
  readonly mayBeEmpty: boolean;
  /** Whether the bytes of blobs that look whole are read too, and not only their sizes. */
  readonly readAll: boolean;
  /** Heard for each blob that is not sound, in words. */
  readonly onProblem: (words: string) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface BlobCount {
  /** Blobs that the database calls complete. */
  readonly looked: number;
  /** Those of them whose bytes are gone or damaged: no longer called so. */
  readonly lost: number;
  /** Those that could not be read, and stay as they are. */
  readonly unreadable: number;
  /** Blobs that were there without a row, and have one now. */
  readonly takenUp: number;
  /** Whole blobs of accounts that the database does not have: left as they are. */
  readonly ofNobody: number;
}

/** Throws where the database or the list of what is there cannot be read: nothing is known then. */
export async function makeBlobsSound(deps: SoundDeps): Promise<BlobCount> {
  const count = { looked: 0, lost: 0, unreadable: 0, takenUp: 0, ofNobody: 0 };
  const accounts = await listAccounts(deps);
  if (!deps.mayBeEmpty && !(await holdsAny(deps, accounts))) throw new BlobsUnread(EMPTY);
  for (const [index, accountId] of accounts.entries()) {
    await matchAccount(deps, accountId, count);
    deps.onProgress?.(index + 1, accounts.length);
  }
  return count;
}

/** What is said of a place that holds nothing, where the database says otherwise. */
export const EMPTY = 'not one of them is there';

/** Whether there is any whole blob, or none that there should be. */
async function holdsAny({ storage, blobs }: SoundDeps, accounts: readonly AccountId[]): Promise<boolean> {
  for (const accountId of accounts)
    if (expectRead(await blobs.list(accountId)).some(({ state }) => state === 'whole')) return true;
  return expectRead(await storage.blobAccounts(null, 1)).length === 0;
}

type Counts = { -readonly [N in keyof BlobCount]: number };

async function matchAccount(deps: SoundDeps, accountId: AccountId, count: Counts): Promise<void> {
  const { storage, blobs } = deps;
  const stored = expectRead(await blobs.list(accountId));
  const whole = new Map(stored.flatMap((one) => (one.state === 'whole' ? [[one.hash, one]] : [])));
  const isKnown = expectRead(await storage.read((reader) => reader.account(accountId))) !== undefined;
  if (!isKnown) {
    count.ofNobody += whole.size;
    return;
  }
  const rows = new Map<BlobHash, BlobRow['state']>();
  const lostBodies = new Set<BlobHash>();
  for (let after: BlobHash | null = null; ; ) {
    const from: BlobHash | null = after;
    const page: readonly BlobRow[] = expectRead(await storage.read((reader) => reader.blobsAfter(accountId, from, PER_READ)));
    for (const row of page) {
      rows.set(row.hash, row.state);
      if (row.state !== 'complete') continue;
      const isLost = await matchRow(deps, { accountId, hash: row.hash }, row, whole.get(row.hash), count);
      if (isLost && row.isBody) lostBodies.add(row.hash);
    }
    after = page.at(-1)?.hash ?? null;
    if (page.length < PER_READ) break;
  }
  if (lostBodies.size > 0) await noteLostBodies(deps, accountId, lostBodies);
  for (const hash of whole.keys()) if (!rows.has(hash)) await takeUp(deps, { accountId, hash }, count);
  const uploads = new Map(stored.flatMap((one) => (one.state === 'part' ? [[one.hash, one]] : [])));
  for (const [hash, upload] of uploads) {
    const state = rows.get(hash);
    // Left over: the whole blob is there. Of an upload without a row its device knows nothing any more, or says so within a day.
    if (state === 'complete' && whole.has(hash)) await blobs.drop({ accountId, hash });
    else if (state === undefined && !whole.has(hash)) await addRow(deps, { accountId, hash }, 'arriving', upload.bytes);
  }
}

async function matchRow(
  deps: SoundDeps,
  key: BlobKey,
  row: BlobRow,
  stored: StoredBlob | undefined,
  count: Counts,
): Promise<boolean> {
  count.looked += 1;
  const looksWhole = stored?.bytes === row.bytes;
  const finding: BlobFinding =
    looksWhole && !deps.readAll ? { type: 'sound', bytes: row.bytes } : await inspectBlob(deps.blobs, key, row.bytes);
  if (finding.type === 'sound') return false;
  deps.onProblem(`${nameBlob(key)}: ${describeFinding(finding)}`);
  const isLost = finding.type !== 'unreadable' && (await giveUp(deps, key, row, finding.type));
  if (isLost) count.lost += 1;
  if (finding.type === 'unreadable') count.unreadable += 1;
  return isLost;
}

/**
 * Notes the versions whose bodies these were as damaged: nobody is asked for a body as for a file, and a device that has it in its
 * entity sends it again once the version is named.
 */
async function noteLostBodies({ storage }: SoundDeps, accountId: AccountId, lost: ReadonlySet<BlobHash>): Promise<void> {
  for (let seq = 0; ; ) {
    const from = seq;
    const page = expectRead(await storage.read((reader) => reader.namedBlobs(accountId, from, PER_READ)));
    const seqs = page.flatMap((version) => (lost.has(version.hashes?.[0] ?? '') ? [version.seq] : []));
    if (seqs.length > 0) expectRead(await storage.write(accountId, (writer) => writer.noteDamaged(accountId, seqs)));
    seq = page.at(-1)?.seq ?? seq;
    if (page.length < PER_READ) return;
  }
}

/**
 * The row no longer says that the blob is there; unless it has changed since. Damaged bytes stay until a device sends the blob again, or for
 * a day: then the collector removes them as an upload that nobody continued.
 */
async function giveUp({ storage, clock }: SoundDeps, { accountId, hash }: BlobKey, seen: BlobRow, why: 'missing' | 'damaged') {
  return expectRead(
    await storage.write(accountId, async (writer) => {
      const [row] = await writer.blobs(accountId, [hash]);
      if (row?.state !== 'complete' || row.touchedAt !== seen.touchedAt || row.bytes !== seen.bytes) return false;
      if (why === 'missing') await writer.removeBlob(accountId, hash);
      else await writer.putBlob(accountId, { ...row, state: 'arriving', touchedAt: Math.floor(clock.now()) });
      return true;
    }),
  );
}

async function takeUp(deps: SoundDeps, key: BlobKey, count: Counts): Promise<void> {
  const finding = await inspectBlob(deps.blobs, key);
  if (finding.type === 'missing') return;
  if (finding.type === 'unreadable') {
    count.unreadable += 1;
    deps.onProblem(`${nameBlob(key)}: ${describeFinding(finding)}`);
    return;
  }
  const isSound = finding.type === 'sound';
  if (await addRow(deps, key, isSound ? 'complete' : 'arriving', isSound ? finding.bytes : 0)) count.takenUp += isSound ? 1 : 0;
}

async function addRow(
  { storage, clock }: SoundDeps,
  { accountId, hash }: BlobKey,
  state: 'arriving' | 'complete',
  bytes: number,
): Promise<boolean> {
  const now = Math.floor(clock.now());
  return expectRead(
    await storage.write(accountId, async (writer, account) => {
      if (!account || (await writer.blobs(accountId, [hash])).length > 0) return false;
      await writer.putBlob(accountId, {
        hash,
        bytes,
        state,
        createdAt: now,
        touchedAt: now,
        unreferencedSince: null,
        isBody: false,
        isBackup: false,
      });
      return true;
    }),
  );
}

async function listAccounts({ storage, blobs }: SoundDeps): Promise<readonly AccountId[]> {
  const accounts = new Set(expectRead(await blobs.accounts()));
  for (let after: AccountId | null = null; ; ) {
    const page: readonly AccountId[] = expectRead(await storage.blobAccounts(after, PER_READ));
    for (const accountId of page) accounts.add(accountId);
    after = page.at(-1) ?? null;
    if (page.length < PER_READ) return [...accounts].sort();
  }
}

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: { readonly type: string; readonly reason?: string } };

/** What could not be read, as an error that says so. */
export class BlobsUnread extends Error {}

function expectRead<T>(read: Read<T>): T {
  if (read.ok) return read.value;
  throw new BlobsUnread(read.error.reason ?? read.error.type);
}
