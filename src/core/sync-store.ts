/**
 * What the sync steps ask of the store. Rows, merges and transactions stay behind it; only ops, answers and positions
 * pass. Every method is one or more strict transactions and safe to repeat after a kill at any point.
 */

import type { EntityKey, KeyPair } from './entity-key.ts';
import type { KvError, SyncError } from './errors.ts';
import type { OpId } from './ids.ts';
import type { Damaged, ManifestEntry, Op, PushResult, RejectReason, RemoteEntity } from './protocol.ts';
import type { Seen } from './protocol-parts.ts';
import type { Result } from './result.ts';

/** A version whose body this device lacks. */
export interface MissingBody extends Damaged {
  /** It did not come damaged: it travels by itself, and the server does not give it now. */
  readonly withheld?: true | undefined;
}

export interface SyncPosition {
  readonly epoch: string | null;
  readonly cursor: number;
  /** Where the cursor was before the pull that is under way: the same number where none is. */
  readonly since: number;
  readonly seen: Seen;
  readonly reconciling: boolean;
  /** What came damaged and is still missing (`SyncStore.noteDamaged`). */
  readonly damaged: readonly MissingBody[];
  /** Failed runs since the last one that succeeded. */
  readonly attempts: number;
  /** Those of them in which a request had no answer in its time: each halves what the next request carries. */
  readonly timeouts: number;
}

/** The position that an answer of the server carries. */
export interface AnswerPosition {
  readonly epoch: string;
  readonly seen: Seen;
  readonly now: number;
}

export interface ClaimRequest {
  readonly limit: number;
  readonly maxBytes: number;
  /** Takes paced rows too. */
  readonly force: boolean;
  /** Takes nothing but rows of more than `above` bytes, or none of those. Absent: everything. */
  readonly large?: { readonly only: boolean; readonly above: number };
}

export interface Claim {
  readonly ops: readonly Op[];
  /** Wall time in ms at which the next paced row may go; null where none waits. */
  readonly nextDueAt: number | null;
}

/** An entity of which the server may have lost a version. `version` and `seq` are the server's; null and 0 where it has none. */
export interface LostKey extends EntityKey {
  readonly version: OpId | null;
  readonly seq: number;
  /** The server's version whole, where it is not known to be contained in this device's: then it counts as contained if it adds nothing. */
  readonly remote?: RemoteEntity;
}

export interface AbsentPage {
  readonly keys: readonly KeyPair[];
  readonly next: KeyPair | null;
}

export interface Shared {
  /** The version that this device last merged, in its place in the account's log; null where there is none, or `common` is later. */
  readonly last: Seen;
  /** The nearest version that this device's state and the entry's lineage have in common; null where none is named. */
  readonly common: OpId | null;
}

export interface SyncStore {
  position(): Promise<Result<SyncPosition, KvError>>;
  /** Ops that were sent and have no answer yet, oldest first. They must be acknowledged before anything else: a run begins with this. */
  unanswered(): Promise<Result<readonly Op[], KvError>>;
  /**
   * Reads and encodes ahead what the next claim will take, while a claimed batch is on its way. Writes nothing, and is
   * checked again when it is claimed: harmless to leave out, to repeat and to kill.
   */
  prepare(request: ClaimRequest): Promise<void>;
  /** Marks waiting rows as sent, freezing op and base, and gives them: to be called before the fetch. */
  claim(request: ClaimRequest): Promise<Result<Claim, KvError>>;
  /** The first op that such a claim would give, as it is now. Marks nothing. */
  peek(request: ClaimRequest): Promise<Result<Op | null, KvError>>;
  /**
   * Records the server's answers: acknowledges, rebases or merges, quarantines. Removes rows only here. Gives where the
   * device is now. May mark what `prepare` has read, where nothing came between: the next claim then gives it.
   */
  acknowledge(results: readonly PushResult[], position: AnswerPosition): Promise<Result<SyncPosition, KvError>>;
  /** Puts one sent op into quarantine that no answer spoke of: no request that holds it is let through. Moves no position. */
  refuse(opId: OpId, reason: RejectReason): Promise<Result<void, KvError>>;
  /**
   * Merges pulled entities; `cursor` moves in the same transactions, never ahead of its changes. A deletion that takes what
   * lives here is set aside, whether it comes by this method, `acknowledge` or `reconcile`.
   */
  apply(changes: readonly RemoteEntity[], cursor: number, position: AnswerPosition): Promise<Result<void, KvError>>;
  /** A run has ended: what it has set aside happens, or is held until the person has answered. */
  weighDeletions(): Promise<Result<void, KvError>>;
  /** Remembers versions whose bodies did not match their hashes: to be called before the cursor moves past them. */
  noteDamaged(damaged: readonly MissingBody[]): Promise<Result<void, KvError>>;
  /** Of these versions, those that this device holds whole, as the ops that made them: what the server repairs its own copy with. */
  copiesOf(damaged: readonly Damaged[]): Promise<Result<readonly Op[], KvError>>;
  /** What is whole again is no longer missing, and changes that waited for it are sent once more. */
  forgetDamaged(mended: readonly Damaged[]): Promise<Result<void, KvError>>;
  /** Notes that a reconcile has begun, and gives every sent row a new opId. What was sent and not answered is kept beside until the end. */
  beginReconcile(): Promise<Result<void, KvError>>;
  /**
   * The server's time in an answer that brings nothing by itself, ms: what is merged and typed from then on is stamped by it. A clock
   * that was set back since the last answer would otherwise be believed.
   */
  hear(serverMs: number): Promise<Result<void, KvError>>;
  /** Of these manifest entries, those whose version here is another, and those of which something sent had no answer. */
  differing(entries: readonly ManifestEntry[]): Promise<Result<readonly ManifestEntry[], KvError>>;
  /** Merges one server state found by a reconcile, by lineage. `common` is the body of the nearest common version, if the server still has it. */
  reconcile(remote: RemoteEntity, lineage: readonly OpId[], common: RemoteEntity | null): Promise<Result<void, KvError>>;
  /**
   * What the server has lost of an entity, and that joined with what it has instead: two ops to be pushed as one, which every device
   * with the lost version makes alike; none where this device does not have it whole. `common` is the nearest version that both
   * share. What the merge has decided is written down before the ops are given.
   */
  join(remote: RemoteEntity, lineage: readonly OpId[], common: RemoteEntity): Promise<Result<readonly Op[], KvError>>;
  /**
   * The versions that a server with another past has lost, as the ops that made them: of `keys`, what this device last had of
   * the server, where it still has the body and contains the version that the server has now, and on that what was sent and not
   * answered. Deletions are left out.
   */
  lost(keys: readonly LostKey[]): Promise<Result<readonly Op[], KvError>>;
  /**
   * The server has lost versions of these entities, and has no room for them: what is unsent of them waits in quarantine, built on the
   * lost version as it was, and the next reconcile compares it. Gives the names (`kind/id`) of those that wait; deletions do not.
   */
  keepLost(refused: readonly Pick<Op, 'kind' | 'id' | 'opId'>[]): Promise<Result<ReadonlySet<string>, KvError>>;
  /** Of what was sent and had no answer before the reconcile, what the server has taken now, or had all along: the rows are built on it. */
  settle(results: readonly PushResult[]): Promise<Result<void, KvError>>;
  /** A page of the entities of this device that `known` (`kind/id`) does not name; `next` is null at the end. */
  absent(known: ReadonlySet<string>, after: KeyPair | null): Promise<Result<AbsentPage, KvError>>;
  /** What this device and the server's version may have in common; null where a merge needs nothing of it. */
  shared(entry: ManifestEntry): Promise<Result<Shared | null, KvError>>;
  /** Queues every entity of this device that the server does not have. `known` holds `kind/id`. */
  requeueAbsent(known: ReadonlySet<string>): Promise<Result<number, KvError>>;
  /** Ends the reconcile: the new epoch, cursor and position replace the old ones. */
  endReconcile(epoch: string, cursor: number, seen: Seen): Promise<Result<void, KvError>>;
  /** Remembers how the last attempt ended, for the status and for the backoff; null after success. */
  noteOutcome(error: SyncError | null, retryAt: number): Promise<Result<void, KvError>>;
}
