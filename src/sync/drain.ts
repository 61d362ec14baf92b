/**
 * One run of the sync: acknowledge what has no answer yet, push, pull, until both sides are quiet. It runs under the lock
 * `sync:<workspace>`, in the service worker or in the worker that replaces it. It may be killed at any await: everything that it needs
 * to go on is in the store.
 *
 * The sender never deletes. Rows leave the outbox in `SyncStore.acknowledge`, with the server's answer in hand.
 */

import type { KvError, SyncError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { SyncPosition, SyncStore } from '#core/sync-store.ts';
import { enterAccount, type Identity } from './enter.ts';
import type { Wire } from './large-bodies.ts';
import { mendDamaged } from './mend.ts';
import { pullAll } from './pull-all.ts';
import { pushAll } from './push-all.ts';
import { pushLarge } from './push-large.ts';
import { reconcile } from './reconcile.ts';
import { claimOf, compareAgain } from './run-requests.ts';

export interface DrainOptions {
  readonly store: SyncStore;
  readonly transport: Wire;
  readonly identity: Identity;
  /** Sends paced changes, too: the tab is closing, or the browser says that the network is back. */
  readonly force?: boolean;
  /** Heard after each step that moved something. */
  readonly onProgress?: () => void;
}

/** How a run ended: with everything sent, or with what prevented it. `nextDueAt` is when a paced change may go. */
export interface DrainOutcome {
  readonly error: SyncError | null;
  readonly nextDueAt: number | null;
}

/**
 * Rounds of push and pull in one run: 500 ops at most each, and each conflict takes one more. Enough for a hundred thousand changes
 * written offline; two devices that answer each other forever are stopped.
 */
const MAX_ROUNDS = 500;

export async function drain(options: DrainOptions): Promise<Result<DrainOutcome, KvError>> {
  let entered = false;
  let reconciled = 0;
  let mended = false;
  let nextDueAt: number | null = null;
  // Whether this run knows everything that the account holds: after a pull, or a push that nobody else came between.
  let upToDate = false;
  // How far the device is, once this run has acknowledged everything that was sent: under the lock nobody else sends.
  let acknowledged: SyncPosition | null = null;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const step = await runRound(options, upToDate, acknowledged);
    if (!step.ok) return step;
    const { error, quiet } = step.value;
    ({ nextDueAt, upToDate, position: acknowledged } = step.value);
    if (error === null) {
      if (quiet && (mended || !acknowledged || acknowledged.damaged.length === 0)) return ok({ error: null, nextDueAt });
      options.onProgress?.();
      if (!quiet || !acknowledged) continue;
      mended = true;
      const mending = await mendDamaged(options.store, options.transport, options.identity.accountId, acknowledged);
      if (!mending.ok) return mending;
      if (mending.value) return ok({ error: mending.value, nextDueAt });
      acknowledged = null;
    } else if (mayEnter(error) && !entered && options.identity.accountKey !== '') {
      entered = true;
      const answer = await enterAccount(options.transport, options.identity);
      if (!answer.ok) return ok({ error: answer.error, nextDueAt });
    } else if (error.type === 'ReconcileNeeded' && reconciled < 3) {
      reconciled += 1;
      const begun = await options.store.beginReconcile();
      if (!begun.ok) return begun;
    } else {
      return ok({ error, nextDueAt });
    }
  }
  return ok({ error: null, nextDueAt });
}

/**
 * A cookie that was revoked may be another device's: this browser's former one, in the same account. A device that was
 * revoked itself is refused at the door, too.
 */
const mayEnter = (error: SyncError): boolean =>
  error.type === 'SignedOut' || (error.type === 'Forbidden' && error.reason === 'revoked');

interface Round {
  readonly error: SyncError | null;
  /** Nothing was pushed, and nothing is left to push or pull. */
  readonly quiet: boolean;
  readonly upToDate: boolean;
  /** How far the device is after it, where no error ended it. */
  readonly position: SyncPosition | null;
  readonly nextDueAt: number | null;
}

async function runRound(
  { store, transport, identity, force = false }: DrainOptions,
  wasUpToDate: boolean,
  acknowledged: SyncPosition | null,
): Promise<Result<Round, KvError>> {
  const { accountId } = identity;
  const { bodies } = transport;
  const failed = (error: SyncError): Result<Round, KvError> =>
    ok({ error, quiet: false, upToDate: false, position: null, nextDueAt: null });

  let sent = 0;
  let position = acknowledged;
  if (!position) {
    const before = await store.position();
    if (!before.ok) return before;
    if (before.value.reconciling) {
      const result = await reconcile(store, transport, accountId);
      if (!result.ok) return result;
      if (result.value !== null) return failed(result.value);
    }
    const unanswered = await store.unanswered();
    if (!unanswered.ok) return unanswered;
    const start = before.value.reconciling ? await store.position() : before;
    if (!start.ok) return start;
    const answered = await pushAll(store, transport, accountId, start.value, unanswered.value);
    if (!answered.ok) return answered;
    if (answered.value.error) return failed(answered.value.error);
    ({ position } = answered.value);
    sent += unanswered.value.length;
  }

  const request = { ...claimOf(force), ...(bodies && { large: { only: false, above: bodies.limit } }) };
  const claim = await store.claim(request);
  if (!claim.ok) return claim;
  const { ops, nextDueAt } = claim.value;
  const pushed = await pushAll(store, transport, accountId, position, ops, () => store.prepare(request));
  if (!pushed.ok) return pushed;
  if (pushed.value.error) return failed(pushed.value.error);
  ({ position } = pushed.value);

  sent += ops.length;
  // A push that took the account's log on by exactly its own ops leaves nothing to pull.
  const current = sent > 0 ? position.cursor === position.seen?.seq : wasUpToDate;
  if (!current) {
    const pulled = await pullAll(store, transport, accountId);
    if (!pulled.ok) return pulled;
    if (pulled.value !== null) return failed(pulled.value);
    const after = await store.position();
    if (!after.ok) return after;
    position = after.value;
    if (position.reconciling) return failed(compareAgain(position));
  }
  // Everything of the other devices is here now: what they have deleted is weighed as a whole.
  const weighed = await store.weighDeletions();
  if (!weighed.ok) return weighed;
  if (sent === 0 && bodies) {
    const large = await pushLarge(store, transport, bodies, accountId, position, force);
    if (!large.ok) return large;
    if (large.value.error) return failed(large.value.error);
    const isQuiet = large.value.sent === 0;
    return ok({ error: null, quiet: isQuiet, upToDate: isQuiet, position: large.value.position, nextDueAt });
  }
  return ok({ error: null, quiet: sent === 0, upToDate: true, position, nextDueAt });
}
