/**
 * One run of the sync: acknowledge what has no answer yet, push, pull, until both sides are quiet. It runs under the lock
 * `sync:<workspace>`, in the service worker or in the worker that replaces it. It may be killed at any await: everything that it needs
 * to go on is in the store.
 *
 * The sender never deletes. Rows leave the outbox in `SyncStore.acknowledge`, with the server's answer in hand.
 */

import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import { FIRST_MAX_PUSH_OPS, MAX_PUSH_BYTES, MAX_PUSH_OPS, type Op, type PushAnswer, pullAnswerSchema } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { ok, type Result } from '#core/result.ts';
import { furtherSeen } from '#core/seen.ts';
import type { ClaimRequest, SyncPosition, SyncStore } from '#core/sync-store.ts';
import { enterAccount, type Identity } from './enter.ts';
import { siftBodies, siftResults } from './integrity.ts';
import type { LargeBodies, Wire } from './large-bodies.ts';
import { mendDamaged } from './mend.ts';
import { pushOps } from './push.ts';
import { reconcile } from './reconcile.ts';
import { call } from './request.ts';

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

const PULL_LIMIT = 1000;
const PULL_BYTES = 2_000_000;
/** The smallest that a request is made. */
const MIN_BYTES = 8192;
/**
 * Rounds of push and pull in one run: 500 ops at most each, and each conflict takes one more. Enough for a hundred thousand changes
 * written offline; two devices that answer each other for ever are stopped.
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
  options: DrainOptions,
  wasUpToDate: boolean,
  acknowledged: SyncPosition | null,
): Promise<Result<Round, KvError>> {
  const { store, transport, identity, force = false } = options;
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
    const large = await pushLarge(options, bodies, position);
    if (!large.ok) return large;
    if (large.value.error) return failed(large.value.error);
    const isQuiet = large.value.sent === 0;
    return ok({ error: null, quiet: isQuiet, upToDate: isQuiet, position: large.value.position, nextDueAt });
  }
  return ok({ error: null, quiet: sent === 0, upToDate: true, position, nextDueAt });
}

const claimOf = (force: boolean): ClaimRequest => ({ limit: MAX_PUSH_OPS, maxBytes: MAX_PUSH_BYTES, force });

/** A large body that changes while it goes ahead is tried so often; then it is claimed as it is, and goes at once. */
const MAX_LARGE_TRIES = 3;

/**
 * Pushes one op with a large body, once nothing smaller is left. The body goes ahead, a part at a time, before the op is claimed: it may
 * still change, and what is written elsewhere meanwhile goes out between the parts.
 */
async function pushLarge(
  { store, transport, identity: { accountId }, force = false }: DrainOptions,
  bodies: LargeBodies,
  start: SyncPosition,
): Promise<Result<Pushed & { readonly sent: number }, KvError>> {
  const { limit: above } = bodies;
  const request = { ...claimOf(force), large: { only: true, above }, limit: 1 };
  let position = start;
  let sent = 0;
  const ended = (error: SyncError | null) => ok({ error, position, sent });
  const push = async (asked: ClaimRequest) => {
    const claim = await store.claim(asked);
    if (!claim.ok) return claim;
    const pushed = await pushAll(store, transport, accountId, position, claim.value.ops);
    if (!pushed.ok) return pushed;
    ({ position } = pushed.value);
    sent += claim.value.ops.length;
    return ended(pushed.value.error);
  };
  for (let tries = 0; tries < MAX_LARGE_TRIES; ) {
    const next = await store.peek(request);
    if (!next.ok) return next;
    if (!next.value) return ended(null);
    const isThere = await bodies.sendPart(next.value);
    if (!isThere.ok) return ended(isThere.error);
    const after = await store.peek(request);
    if (!after.ok) return after;
    const isSame = after.value?.opId === next.value.opId && after.value.hash === next.value.hash;
    if (isThere.value && isSame) break;
    if (!isSame) tries += 1;
    const between = await push({ ...claimOf(force), large: { only: false, above } });
    if (!between.ok || between.value.error) return between;
  }
  return push(request);
}

/** What the server has sent meets a version that it has lost and not taken back (`SyncStore.keepLost`). */
const compareAgain = ({ epoch }: SyncPosition): SyncError => ({ type: 'ReconcileNeeded', epoch });

interface Pushed {
  /** What prevented it, or null. */
  readonly error: SyncError | null;
  readonly position: SyncPosition;
}

/**
 * Pushes `ops` in batches, halving a batch that the server finds too large. `readAhead` is called when a request has
 * left (any earlier it would delay it), and has ended before the answer is acknowledged.
 */
async function pushAll(
  store: SyncStore,
  transport: Wire,
  accountId: AccountId,
  start: SyncPosition,
  ops: readonly Op[],
  readAhead?: () => Promise<void>,
): Promise<Result<Pushed, KvError>> {
  const waiting = toBatches(ops, start);
  let position = start;
  for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
    const { answered, left } = send(transport, accountId, position, batch);
    await left;
    await readAhead?.();
    const answer = await answered;
    if (!answer.ok) {
      const isTooLarge =
        answer.error.type === 'TooLarge' || (answer.error.type === 'Rejected' && batch.length > FIRST_MAX_PUSH_OPS);
      if (!isTooLarge) return ok({ error: answer.error, position });
      const half = Math.ceil(batch.length / 2);
      if (batch.length > 1) waiting.unshift(batch.slice(0, half), batch.slice(half));
      else {
        // What no server limit lets through waits in quarantine, with its content, and the others pass.
        const refused = await store.refuse((batch[0] as Op).opId, 'too-big');
        if (!refused.ok) return refused;
      }
      continue;
    }
    const foreign = otherLife(position, answer.value);
    if (foreign) return ok({ error: foreign, position });
    const sifted = await siftResults(transport, answer.value.results, answer.value.damaged);
    if (!sifted.ok) return ok({ error: sifted.error, position });
    const noted = await store.noteDamaged(sifted.value.damaged);
    if (!noted.ok) return noted;
    const acknowledged = await store.acknowledge(sifted.value.results, answer.value);
    if (!acknowledged.ok) return acknowledged;
    position = acknowledged.value;
    if (position.reconciling) return ok({ error: compareAgain(position), position });
    const known = new Set(answer.value.results.map(({ opId }) => opId));
    if (batch.some(({ opId }) => !known.has(opId)))
      return ok({ error: { type: 'Network', reason: 'an answer that leaves out ops' }, position });
  }
  return ok({ error: null, position });
}

/** One push: `left` settles when its request has left, at the latest with its answer. */
function send(transport: Wire, accountId: AccountId, position: SyncPosition, ops: readonly Op[]) {
  let onSent = (): void => {};
  const sent = new Promise<void>((resolve) => {
    onSent = resolve;
  });
  const answered = pushOps(transport, accountId, { ...envelope(position), ops }, onSent);
  return { answered, left: Promise.race([sent, answered]) };
}

async function pullAll(store: SyncStore, transport: Wire, accountId: AccountId): Promise<Result<SyncError | null, KvError>> {
  // Bodies are checked as a page comes in, while the one before it is on its way to the disk.
  const ask = async (from: SyncPosition) => {
    const limits = { limit: halved(PULL_LIMIT, from, 1), maxBytes: halved(PULL_BYTES, from, MIN_BYTES) };
    const { cursor, since } = from;
    const body = { ...envelope(from), cursor, ...(since < cursor ? { since } : {}), ...limits };
    const answer = await call(transport, { method: 'POST', path: paths.pull(accountId), body }, pullAnswerSchema);
    if (!answer.ok) return answer;
    const sifted = await siftBodies(transport, answer.value.changes, answer.value.damaged);
    return sifted.ok ? ok({ page: answer.value, ...sifted.value }) : sifted;
  };
  const start = await store.position();
  if (!start.ok) return start;
  let position = start.value;
  let withheld = position.damaged.length;
  let asked = ask(position);
  for (;;) {
    const answer = await asked;
    if (!answer.ok) return ok(answer.error);
    const { page, sound, damaged } = answer.value;
    withheld += answer.value.withheld;
    if (answer.value.withheld > 0 && withheld > MAX_WITHHELD) return ok(notGiven);
    const foreign = otherLife(position, page);
    if (foreign) return ok(foreign);
    const { cursor } = position;
    const { changes, more, seq, epoch, seen } = page;
    const reached = more ? (changes.at(-1)?.seq ?? cursor) : seq;
    // The next page is on its way while this one is written. It is looked at only after that.
    const goesOn = more && reached > cursor;
    position = { ...position, epoch, seen: furtherSeen(position.seen, seen), cursor: reached };
    if (goesOn) asked = ask(position);
    const noted = await store.noteDamaged(damaged);
    if (!noted.ok) return noted;
    const applied = await store.apply(sound, reached, page);
    if (!applied.ok) return applied;
    if (!more) return ok(null);
    if (!goesOn) return ok({ type: 'Network', reason: 'a pull that does not move on' });
  }
}

/** So many bodies that the server does not give now are left for later; the pull goes no further than the store remembers. */
const MAX_WITHHELD = 100;
const notGiven: SyncError = { type: 'ServerError', status: 503, retryAfterMs: null };

const envelope = ({ epoch, seen }: SyncPosition) => ({ protocol: PROTOCOL, epoch, seen });

/** An answer from another life of the account is not applied, whoever failed to notice. */
function otherLife({ epoch }: SyncPosition, answer: Pick<PushAnswer, 'epoch'>): SyncError | null {
  return epoch !== null && answer.epoch !== epoch ? { type: 'ReconcileNeeded', epoch: answer.epoch } : null;
}

/** `max`, half of it after a run that ended for want of an answer, a quarter after two, until one succeeds. */
const halved = (max: number, { timeouts }: SyncPosition, min: number): number => Math.max(min, Math.floor(max / 2 ** timeouts));

/** What a slow way or a dying server does not take at once goes in parts. A single larger op travels alone, and has the time it needs. */
function toBatches(ops: readonly Op[], position: SyncPosition): (readonly Op[])[] {
  const maxOps = halved(MAX_PUSH_OPS, position, 1);
  const maxBytes = halved(MAX_PUSH_BYTES, position, MIN_BYTES);
  const batches: Op[][] = [];
  let bytes = 0;
  for (const op of ops) {
    const size = (op.body?.length ?? 0) + (op.contains?.length ?? 0) + 400;
    const batch = batches.at(-1);
    if (batch && batch.length < maxOps && bytes + size <= maxBytes) {
      batch.push(op);
      bytes += size;
    } else {
      batches.push([op]);
      bytes = size;
    }
  }
  return batches;
}
