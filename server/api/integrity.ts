import * as v from 'valibot';
import type { AccountId } from '#core/ids.ts';
import { readStandIn } from '#core/large-body.ts';
import { type Damaged, damagedSchema, MAX_DAMAGED, type RemoteEntity, remoteEntitySchema } from '#core/protocol.ts';
import { sha256 } from '#server/secrets.ts';
import type { Storage, StorageReader } from '#server/storage/storage.ts';

/** What is known of a version before its row is read. `hash` and the rest where it is an entity's current version. */
export interface Expected {
  readonly seq: number;
  readonly hash?: string;
}

export interface Sifted {
  /** Fit to go out, in the order asked for. */
  readonly sound: readonly RemoteEntity[];
  /** The seqs whose version is missing, unreadable, or not what its hash says. */
  readonly damaged: readonly number[];
}

/** Tells the versions that the disk gave back whole from those that it did not. */
export function siftVersions(expected: readonly Expected[], versions: readonly RemoteEntity[]): Sifted {
  const bySeq = new Map(versions.map((version) => [version.seq, version]));
  const sound: RemoteEntity[] = [];
  const damaged: number[] = [];
  for (const { seq, hash } of expected) {
    const version = bySeq.get(seq);
    const actual = version && isReadable(version) ? sha256(version.body ?? '') : undefined;
    // The hash is in two tables; a body that agrees with one of them is whole, and what is damaged is the other hash.
    if (version && actual !== undefined && (actual === version.hash || actual === hash)) sound.push({ ...version, hash: actual });
    else damaged.push(seq);
  }
  return { sound, damaged };
}

/**
 * The seqs of those whose body is a blob that the account lacks. They go out all the same: what stands in for the body is whole. A
 * device that has the body sends it again once they are named.
 */
export async function findLostBodies(
  reader: Pick<StorageReader, 'blobs'>,
  accountId: AccountId,
  versions: readonly RemoteEntity[],
): Promise<readonly number[]> {
  const bodies = versions.flatMap(({ seq, body }) => {
    const standIn = readStandIn(body);
    return standIn ? [{ seq, blob: standIn.blob }] : [];
  });
  if (bodies.length === 0) return [];
  const blobs = bodies.map(({ blob }) => blob);
  const whole = new Set(
    (await reader.blobs(accountId, blobs)).flatMap(({ state, hash }) => (state === 'complete' ? [hash] : [])),
  );
  return bodies.flatMap(({ seq, blob }) => (whole.has(blob) ? [] : [seq]));
}

/** A device reads an answer whole or not at all: one row that is not what the protocol says would keep it from all others. */
function isReadable(version: RemoteEntity): boolean {
  return version.deleted === (version.body === null) && v.is(remoteEntitySchema, version);
}

/** Damaged versions as they are named in an answer; undefined where there is none. */
export function nameDamaged(...lists: readonly (readonly Damaged[])[]): { readonly damaged?: Damaged[] } {
  const named = new Map<number, Damaged>();
  for (const { kind, id, version, seq, hash } of lists.flat()) {
    const entry = { kind, id, version, seq, hash };
    if (named.size < MAX_DAMAGED && v.is(damagedSchema, entry)) named.set(seq, entry);
  }
  return named.size === 0 ? {} : { damaged: [...named.values()] };
}

/** Heard with the seqs of damaged versions each time they are met. */
export type OnDamaged = (accountId: AccountId, seqs: readonly number[]) => void;

/**
 * Notes damaged versions, so that later answers ask for them, and reports them. A database that cannot be written just now
 * is no reason to fail the answer: they are met again.
 */
export async function reportDamaged(
  { storage, onDamaged }: { readonly storage: Storage; readonly onDamaged?: OnDamaged },
  accountId: AccountId,
  seqs: readonly number[],
): Promise<void> {
  if (seqs.length === 0) return;
  onDamaged?.(accountId, seqs);
  await storage.write(accountId, (writer) => writer.noteDamaged(accountId, seqs));
}
