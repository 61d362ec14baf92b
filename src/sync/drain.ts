/**
 * One run of the sync: settle what has no answer yet, push, pull, until both sides are quiet. It runs under the lock
 * `sync:<workspace>`, in the service worker or in its stand-in. It may be killed at any await: everything that it needs
 * to go on stands in the store.
 *
 * The sender never deletes. Rows leave the outbox in `SyncStore.settle`, with the server's answer in hand.
 */
import type { KvError, SyncError } from '#core/errors.ts';
import { paths } from '#core/paths.ts';
import type { Transport } from '#core/ports.ts';
import {
  MAX_PUSH_BYTES,
  MAX_PUSH_OPS,
  type Op,
  PROTOCOL,
  type PushAnswer,
  pullAnswerSchema,
  pushAnswerSchema,
  type Seen,
} from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { SyncPosition, SyncStore } from '#core/sync-store.ts';
import { createDeletionGuard } from './deletion-guard.ts';
import { enterAccount, type Identity } from './enter.ts';
import { reconcile } from './reconcile.ts';
import { call } from './request.ts';

export interface DrainOptions {
  readonly store: SyncStore;
  readonly transport: Transport;
  readonly identity: Identity;
  /** Sends paced changes, too: the tab is closing, or the browser says that the network is back. */
  readonly force?: boolean;
  /** Heard after each step that moved something. */
  readonly onProgress?: () => void;
}

/** How a run ended: with everything sent, or with what stood in the way. `nextDueAt` is when a paced change may go. */
export interface DrainOutcome {
  readonly error: SyncError | null;
  readonly nextDueAt: number | null;
}

const PULL_LIMIT = 500;
const PULL_BYTES = 2_000_000;
/**
 * Rounds of push and pull in one run: 200 ops each, and each conflict takes one more. Enough for a hundred thousand changes
 * written offline; two devices that answer each other for ever are stopped.
 */
const MAX_ROUNDS = 500;

export async function drain(options: DrainOptions): Promise<Result<DrainOutcome, KvError>> {
  let entered = false;
  let reconciled = 0;
  let nextDueAt: number | null = null;
  // Whether this run knows everything that the account holds: after a pull, or a push that nobody else came between.
  let upToDate = false;
  // Whether this run has settled everything that was sent: under the lock nobody else sends.
  let settled = false;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const step = await runRound(options, upToDate, settled);
    if (!step.ok) return step;
    const { error, quiet } = step.value;
    ({ nextDueAt, upToDate } = step.value);
    settled = error === null;
    if (error === null) {
      if (quiet) return ok({ error: null, nextDueAt });
      options.onProgress?.();
    } else if (mayEnter(error) && !entered) {
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
  readonly nextDueAt: number | null;
}

async function runRound(
  { store, transport, identity, force = false }: DrainOptions,
  wasUpToDate: boolean,
  wasSettled: boolean,
): Promise<Result<Round, KvError>> {
  const { accountId } = identity;
  const failed = (error: SyncError): Result<Round, KvError> => ok({ error, quiet: false, upToDate: false, nextDueAt: null });

  let sent = 0;
  if (!wasSettled) {
    const before = await store.position();
    if (!before.ok) return before;
    if (before.value.reconciling) {
      const result = await reconcile(store, transport, accountId);
      if (!result.ok) return result;
      if (result.value !== null) return failed(result.value);
    }
    const unanswered = await store.unanswered();
    if (!unanswered.ok) return unanswered;
    const answered = await pushAll(store, transport, accountId, unanswered.value);
    if (!answered.ok) return answered;
    if (answered.value !== null) return failed(answered.value);
    sent += unanswered.value.length;
  }

  const request = { limit: MAX_PUSH_OPS, maxBytes: MAX_PUSH_BYTES, force };
  const claim = await store.claim(request);
  if (!claim.ok) return claim;
  const { ops, nextDueAt } = claim.value;
  let ahead = Promise.resolve();
  const pushed = await pushAll(store, transport, accountId, ops, () => {
    ahead = store.prepare(request);
  });
  await ahead;
  if (!pushed.ok) return pushed;
  if (pushed.value !== null) return failed(pushed.value);

  sent += ops.length;
  const after = await store.position();
  if (!after.ok) return after;
  // A push that took the account's log on by exactly its own ops leaves nothing to pull.
  const current = sent > 0 ? after.value.cursor === after.value.seen?.seq : wasUpToDate;
  if (!current) {
    const pulled = await pullAll(store, transport, accountId);
    if (!pulled.ok) return pulled;
    if (pulled.value !== null) return failed(pulled.value);
  }
  return ok({ error: null, quiet: sent === 0, upToDate: true, nextDueAt });
}

/**
 * Pushes `ops` in batches, halving a batch that the server finds too large. Gives null, or what stood in the way.
 * `onAsked` is called when a request has been made: reading ahead any earlier would delay it.
 */
async function pushAll(
  store: SyncStore,
  transport: Transport,
  accountId: string,
  ops: readonly Op[],
  onAsked?: () => void,
): Promise<Result<SyncError | null, KvError>> {
  const waiting = toBatches(ops);
  for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
    const position = await store.position();
    if (!position.ok) return position;
    const asked = call(
      transport,
      { method: 'POST', path: paths.push(accountId), body: { ...envelope(position.value), ops: batch } },
      pushAnswerSchema,
    );
    onAsked?.();
    const answer = await asked;
    if (!answer.ok) {
      if (answer.error.type !== 'TooLarge') return ok(answer.error);
      const half = Math.ceil(batch.length / 2);
      if (batch.length > 1) waiting.unshift(batch.slice(0, half), batch.slice(half));
      else {
        const refused = await refuse(store, batch[0] as Op, position.value);
        if (!refused.ok) return refused;
      }
      continue;
    }
    const foreign = otherLife(position.value, answer.value);
    if (foreign) return ok(foreign);
    const settled = await store.settle(answer.value.results, answer.value);
    if (!settled.ok) return settled;
    const answered = new Set(answer.value.results.map(({ opId }) => opId));
    if (batch.some(({ opId }) => !answered.has(opId))) return ok({ type: 'Network', reason: 'an answer that leaves out ops' });
  }
  return ok(null);
}

/** A single op that no server limit lets through waits in quarantine, with its content, and the others pass. */
function refuse(store: SyncStore, { opId }: Op, { epoch, seen }: SyncPosition): Promise<Result<void, KvError>> {
  return store.settle([{ type: 'rejected', opId, reason: 'too-big' }], { epoch: epoch ?? opId, seen, now: 0 });
}

async function pullAll(store: SyncStore, transport: Transport, accountId: string): Promise<Result<SyncError | null, KvError>> {
  const guard = createDeletionGuard();
  const ask = (from: SyncPosition) =>
    call(
      transport,
      {
        method: 'POST',
        path: paths.pull(accountId),
        body: { ...envelope(from), cursor: from.cursor, limit: PULL_LIMIT, maxBytes: PULL_BYTES },
      },
      pullAnswerSchema,
    );
  const start = await store.position();
  if (!start.ok) return start;
  let position = start.value;
  let asked = ask(position);
  for (;;) {
    const answer = await asked;
    if (!answer.ok) return ok(answer.error);
    const foreign = otherLife(position, answer.value);
    if (foreign) return ok(foreign);
    const { cursor } = position;
    const { changes, more, seq, epoch, seen } = answer.value;
    const reached = more ? (changes.at(-1)?.seq ?? cursor) : seq;
    const weighed = await store.weigh(changes);
    if (!weighed.ok) return weighed;
    if (guard.stops(weighed.value)) {
      const held = await store.holdDeletions(weighed.value.keys, changes.at(-1)?.seq ?? cursor);
      return held.ok ? ok({ type: 'DeletionsHeld', count: weighed.value.keys.length }) : held;
    }
    // The next page is on its way while this one is written. It is looked at only after that.
    const goesOn = more && reached > cursor;
    position = { ...position, epoch, seen: further(position.seen, seen), cursor: reached };
    if (goesOn) asked = ask(position);
    const applied = await store.apply(changes, reached, answer.value);
    if (!applied.ok) return applied;
    if (!more) return ok(null);
    if (!goesOn) return ok({ type: 'Network', reason: 'a pull that does not move on' });
  }
}

/** The higher of two positions of one log: what a device says that it has seen never goes back. */
const further = (a: Seen, b: Seen): Seen => (a !== null && (b === null || b.seq < a.seq) ? a : b);

const envelope = ({ epoch, seen }: SyncPosition) => ({ protocol: PROTOCOL, epoch, seen });

/** An answer from another life of the account is not applied, whoever failed to notice. */
function otherLife({ epoch }: SyncPosition, answer: Pick<PushAnswer, 'epoch'>): SyncError | null {
  return epoch !== null && answer.epoch !== epoch ? { type: 'ReconcileNeeded', epoch: answer.epoch } : null;
}

function toBatches(ops: readonly Op[]): (readonly Op[])[] {
  const batches: Op[][] = [];
  let bytes = 0;
  for (const op of ops) {
    const size = (op.body?.length ?? 0) + 400;
    const batch = batches.at(-1);
    if (batch && batch.length < MAX_PUSH_OPS && bytes + size <= MAX_PUSH_BYTES) {
      batch.push(op);
      bytes += size;
    } else {
      batches.push([op]);
      bytes = size;
    }
  }
  return batches;
}
