import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { FIRST_MAX_PUSH_OPS, MAX_PUSH_BYTES, MAX_PUSH_OPS, type Op } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { SyncPosition, SyncStore } from '#core/sync-store.ts';
import { siftResults } from './integrity.ts';
import type { Wire } from './large-bodies.ts';
import { pushOps } from './push.ts';
import { compareAgain, envelope, halved, MIN_BYTES, otherLife } from './run-requests.ts';

export interface Pushed {
  /** What prevented it, or null. */
  readonly error: SyncError | null;
  readonly position: SyncPosition;
}

/**
 * Pushes `ops` in batches, halving a batch that the server finds too large. `readAhead` is called when a request has
 * left (any earlier it would delay it), and has ended before the answer is acknowledged.
 */
export async function pushAll(
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
