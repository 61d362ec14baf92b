import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import { pullAnswerSchema } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { furtherSeen } from '#core/seen.ts';
import type { SyncPosition, SyncStore } from '#core/sync-store.ts';
import { siftBodies } from './integrity.ts';
import { sliceByBodies, type Wire } from './large-bodies.ts';
import { call } from './request.ts';
import { envelope, halved, MIN_BYTES, otherLife } from './run-requests.ts';

const PULL_LIMIT = 1000;
const PULL_BYTES = 2_000_000;

/** So many bodies that the server does not give now are left for later; the pull goes no further than the store remembers. */
const MAX_WITHHELD = 100;
const notGiven: SyncError = { type: 'ServerError', status: 503, retryAfterMs: null };

/** Pulls everything behind the cursor. Gives null, or what prevented the rest. */
export async function pullAll(
  store: SyncStore,
  transport: Wire,
  accountId: AccountId,
): Promise<Result<SyncError | null, KvError>> {
  // Bodies are checked as a page comes in, while the one before it is on its way to the disk.
  const ask = async (from: SyncPosition) => {
    const limits = { limit: halved(PULL_LIMIT, from, 1), maxBytes: halved(PULL_BYTES, from, MIN_BYTES) };
    const { cursor, since } = from;
    const body = { ...envelope(from), cursor, ...(since < cursor ? { since } : {}), ...limits };
    const answer = await call(transport, { method: 'POST', path: paths.pull(accountId), body }, pullAnswerSchema);
    if (!answer.ok) return answer;
    const [changes = [], ...later] = sliceByBodies(answer.value.changes);
    const first = await siftBodies(transport, changes, answer.value.damaged);
    return first.ok ? ok({ page: answer.value, changes, first: first.value, later }) : first;
  };
  const start = await store.position();
  if (!start.ok) return start;
  let position = start.value;
  let withheld = position.damaged.length;
  let asked = ask(position);
  for (;;) {
    const answer = await asked;
    if (!answer.ok) return ok(answer.error);
    const { page, changes: firstChanges, first, later } = answer.value;
    const foreign = otherLife(position, page);
    if (foreign) return ok(foreign);
    const { cursor } = position;
    const { changes, more, seq, epoch, seen } = page;
    const reached = more ? (changes.at(-1)?.seq ?? cursor) : seq;
    // The next page is on its way while this one is written. It is looked at only after that.
    const goesOn = more && reached > cursor;
    position = { ...position, epoch, seen: furtherSeen(position.seen, seen), cursor: reached };
    if (goesOn) asked = ask(position);
    let sifted = first;
    for (let slice = firstChanges; ; ) {
      withheld += sifted.withheld;
      if (sifted.withheld > 0 && withheld > MAX_WITHHELD) return ok(notGiven);
      const noted = await store.noteDamaged(sifted.damaged);
      if (!noted.ok) return noted;
      const next = later.shift();
      const applied = await store.apply(sifted.sound, next ? (slice.at(-1)?.seq ?? cursor) : reached, page);
      if (!applied.ok) return applied;
      if (!next) break;
      slice = next;
      const taken = await siftBodies(transport, slice);
      if (!taken.ok) return ok(taken.error);
      sifted = taken.value;
    }
    if (!more) return ok(null);
    if (!goesOn) return ok({ type: 'Network', reason: 'a pull that does not move on' });
  }
}
