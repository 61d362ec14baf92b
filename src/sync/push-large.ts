import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { ok, type Result } from '#core/result.ts';
import type { ClaimRequest, SyncPosition, SyncStore } from '#core/sync-store.ts';
import type { LargeBodies, Wire } from './large-bodies.ts';
import { type Pushed, pushAll } from './push-all.ts';
import { claimOf } from './run-requests.ts';

/** A large body that changes while it goes ahead is tried so often; then it is claimed as it is, and goes at once. */
const MAX_LARGE_TRIES = 3;

/**
 * Pushes one op with a large body, once nothing smaller is left. The body goes ahead, a part at a time, before the op is claimed: it may
 * still change, and what is written elsewhere meanwhile goes out between the parts.
 */
export async function pushLarge(
  store: SyncStore,
  transport: Wire,
  bodies: LargeBodies,
  accountId: AccountId,
  start: SyncPosition,
  force: boolean,
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
