import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { LIVE, type Lifecycle } from '#store/schema/schema.ts';

/** How many entities of each kind there are, from the live ones up to `last`. */
export async function countLive(
  { kv }: StoreContext,
  kinds: ReadonlySet<string>,
  last: Lifecycle = LIVE,
): Promise<Result<ReadonlyMap<string, number>, KvError>> {
  const live = new Map<string, number>();
  for (const kind of kinds) {
    const counted = await kv.read({
      count: { count: 'entities', index: 'byPlace', lower: [kind, LIVE], upper: [kind, last + 1], upperOpen: true },
    });
    if (!counted.ok) return counted;
    live.set(kind, counted.value.count);
  }
  return ok(live);
}
