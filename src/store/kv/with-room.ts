/**
 * A database that makes room for itself: a transaction that the browser refuses for want of room is tried again after each
 * thing that may go. What may go, and in which order, is `make-room.ts`'s to say; where none of it helps, the answer is
 * the refusal.
 */
import type { KvError } from '#core/errors.ts';
import type { Clock, Kv, Tables } from '#core/ports.ts';
import type { Result } from '#core/result.ts';

/** Lets one thing go. Gives whether it had anything to let go. */
export type RoomStep = () => Promise<boolean>;

/** Where nothing was left to let go, nobody looks again for so long: looking reads the whole history. */
const LOOK_AGAIN_MS = 60_000;

const isRefused = (result: Result<unknown, KvError>): boolean => !result.ok && result.error.type === 'QuotaExceeded';

/** `loadSteps` is asked when room is wanted for the first time; steps that did not load free nothing. */
export function withRoom<T extends Tables>(
  kv: Kv<T>,
  clock: Pick<Clock, 'now'>,
  loadSteps: () => Promise<readonly RoomStep[]>,
): Kv<T> {
  let turn: Promise<unknown> = Promise.resolve();
  let exhaustedAt = Number.NEGATIVE_INFINITY;

  const retry = async <V>(attempt: () => Promise<Result<V, KvError>>): Promise<Result<V, KvError>> => {
    // The one before may have made room for both.
    let result = await attempt();
    if (!isRefused(result) || Math.abs(clock.now() - exhaustedAt) < LOOK_AGAIN_MS) return result;
    for (const step of await loadSteps().catch(() => [])) {
      if (!(await step())) continue;
      result = await attempt();
      if (!isRefused(result)) return result;
    }
    exhaustedAt = clock.now();
    return result;
  };

  return {
    ...kv,
    async transact(reads, body, durability, guess) {
      const first = await kv.transact(reads, body, durability, guess);
      if (!isRefused(first)) return first;
      const attempt = () => kv.transact(reads, body, durability);
      // One at a time: each lets go only of what is needed.
      const mine = turn.then(() => retry(attempt));
      turn = mine.catch(() => {});
      return mine;
    },
  };
}
