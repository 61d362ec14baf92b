/** Writes an account as the app writes a backup of it: what a device would have, read from the server's log. */
import { createWriteStream, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type BackupHead, FORMAT, FORMAT_VERSION, type KindCount } from '#backup/format/head.ts';
import { jsonForm } from '#backup/format/json-form.ts';
import { type BackupRecord, recordLine, toRecord } from '#backup/format/record.ts';
import { writeDocument } from '#backup/format/write-document.ts';
import { type BlobHash, readReference, WHOLE_REFERENCE } from '#core/blobs.ts';
import { decodeBody } from '#core/body.ts';
import { BINNED_AT } from '#core/entity.ts';
import type { EntityKey } from '#core/entity-key.ts';
import type { AccountId } from '#core/ids.ts';
import { readStandIn } from '#core/large-body.ts';
import type { Clock } from '#core/ports.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { siftVersions } from '#server/api/integrity.ts';
import type { BlobStore } from '#server/blobs/blob-store.ts';
import { inspectBlob } from '#server/blobs/inspect-blob.ts';
import type { Account, Storage, StorageReader } from '#server/storage/storage.ts';
import { syncToDisk } from './new-file.ts';

interface ExportDeps {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, 'now'>;
  /** Of this app. */
  readonly version: string;
}

export interface Exported {
  readonly records: number;
  readonly files: number;
  /** What could not be written, a line each. */
  readonly problems: readonly string[];
}

/** As it is called in a ZIP, so that the folder can be packed into one. */
const DOCUMENT = 'backup.json';

/** Read at once. */
const HEADS = 200;

/**
 * Writes `backup.json` and `files/` into a folder that is absent or empty, as of one moment. Null where there is no such account. Throws where the
 * folder cannot be written, or has something in it.
 */
export async function exportAccount(deps: ExportDeps, accountId: AccountId, folder: string): Promise<Exported | null> {
  const read = await deps.storage.read(async (reader) => {
    const account = await reader.account(accountId);
    if (!account) return null;
    makeEmpty(folder);
    return writeAccount(deps, reader, account, folder);
  });
  if (!read.ok) throw new Error(`the database cannot be read (${read.error.type})`);
  return read.value;
}

function makeEmpty(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty: name another folder`);
}

async function writeAccount(deps: ExportDeps, reader: StorageReader, account: Account, folder: string): Promise<Exported> {
  const counts = new Map<string, { live: number; binned: number }>();
  // A file may be named with several endings: it is there under each.
  const names = new Set<string>();
  const problems: string[] = [];
  let records = 0;
  // Once for what the head says, and once for the records behind it: both in one snapshot.
  for await (const record of recordsOf(deps, reader, account.id, (problem) => problems.push(problem))) {
    const count = counts.get(record.kind) ?? { live: 0, binned: 0 };
    if (record.fields[BINNED_AT] == null) count.live += 1;
    else count.binned += 1;
    counts.set(record.kind, count);
    records += 1;
    for (const [reference] of recordLine(record).matchAll(WHOLE_REFERENCE)) names.add(reference);
  }
  const lost = await writeFiles(deps, account.id, names, folder);
  const head = headOf(deps, account, Object.fromEntries(counts), names.size - lost.length);
  const partial = join(folder, `${DOCUMENT}.partial`);
  const sink = createWriteStream(partial, { mode: 0o600 });
  await writeDocument(jsonForm, head, linesOf(recordsOf(deps, reader, account.id, () => {})), Writable.toWeb(sink));
  syncToDisk(partial);
  renameSync(partial, join(folder, DOCUMENT));
  syncToDisk(folder);
  return { records, files: names.size - lost.length, problems: [...problems, ...lost] };
}

function headOf(
  { clock, version }: ExportDeps,
  { id, seq }: Account,
  counts: { readonly [kind: string]: KindCount },
  files: number,
): BackupHead {
  return {
    format: FORMAT,
    version: FORMAT_VERSION,
    app: version,
    account: id,
    // What a device would say of itself: here it is the account.
    workspace: id,
    device: { id, name: 'server' },
    madeAt: new Date(clock.now()).toISOString(),
    localSeq: seq,
    counts,
    secrets: false,
    files,
  };
}

async function* linesOf(records: AsyncIterable<BackupRecord>): AsyncGenerator<string> {
  for await (const record of records) yield recordLine(record);
}

/** The current state of each entity, in the order of a backup. `onProblem` hears what is left out. */
async function* recordsOf(
  deps: ExportDeps,
  reader: StorageReader,
  accountId: AccountId,
  onProblem: (problem: string) => void,
): AsyncGenerator<BackupRecord> {
  for (let after: EntityKey | null = null; ; ) {
    const heads = await reader.headsByKey(accountId, after, HEADS);
    const seqs = heads.map(({ seq }) => seq);
    const { sound } = siftVersions(heads, await reader.versionsAt(accountId, seqs));
    const bySeq = new Map(sound.map((version) => [version.seq, version]));
    for (const { kind, id, seq } of heads) {
      const version = bySeq.get(seq);
      const body = version && (await bodyOf(deps, accountId, version));
      if (version && body !== undefined) {
        const record =
          body === null
            ? null
            : toRecord({ kind, id, v: version.v, deleted: version.deleted, ...body }, undefined, { withSecrets: true });
        if (record) yield record;
      } else onProblem(`  ${kind} ${id}: its text is damaged on the server`);
    }
    after = heads.at(-1) ?? null;
    if (heads.length < HEADS) return;
  }
}

/** What an entity holds; null of a deleted one, undefined where its text, a blob, is lost. */
async function bodyOf({ blobs }: ExportDeps, accountId: AccountId, { body, deleted }: RemoteEntity) {
  if (deleted || body === null) return null;
  const standIn = readStandIn(body);
  const whole = standIn ? await textOf(blobs, accountId, standIn.blob) : body;
  if (whole === null) return undefined;
  const read = decodeBody(whole);
  return read.ok ? read.value : { fields: {}, stamps: {}, raw: whole };
}

async function textOf(blobs: BlobStore, accountId: AccountId, hash: BlobHash): Promise<string | null> {
  if ((await inspectBlob(blobs, { accountId, hash })).type !== 'sound') return null;
  const stream = await blobs.read({ accountId, hash }, null);
  return stream.ok && stream.value ? text(stream.value) : null;
}

/** Gives those that the server has lost, a line each. */
async function writeFiles(
  { blobs }: ExportDeps,
  accountId: AccountId,
  names: ReadonlySet<string>,
  folder: string,
): Promise<readonly string[]> {
  if (names.size > 0) mkdirSync(join(folder, 'files'), { mode: 0o700 });
  const lost: string[] = [];
  for (const name of names) {
    const { hash } = readReference(name) ?? {};
    if (hash === undefined) continue;
    const finding = await inspectBlob(blobs, { accountId, hash });
    const stream = finding.type === 'sound' ? await blobs.read({ accountId, hash }, null) : null;
    if (stream?.ok && stream.value) await pipeline(stream.value, createWriteStream(join(folder, name), { mode: 0o600 }));
    else lost.push(`  ${name}: it is damaged or missing on the server`);
  }
  return lost;
}
