/**
 * Acts in which a person has confirmed how much is deleted at once, as synced entities (`entities/bulk-deletion.ts`). Each is
 * written, and so sent, before the deletions that it names: whoever meets these knows of it, and an old server needs to know nothing.
 */
import { parseStamp } from '#core/clock.ts';
import type { KvError } from '#core/errors.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { announce, asCounters, COUNTERS, type StoreContext } from '#store/schema/context.ts';
import { HIGH, LIVE } from '#store/schema/schema.ts';
import { createDraft } from './draft.ts';

const KIND = 'bulk-deletion';
/** Parts of acts that are looked at, the newest first. */
const MAX_READ = 500;
/** An act is about what is deleted within this time of it, not about what is deleted once more much later. */
const LASTS_MS = 3_600_000;

/** Notes that the person has confirmed the deletion of these entities, as a part of `act`. */
export async function noteBulkDeletion(
  context: StoreContext,
  act: string,
  kind: string,
  ids: readonly string[],
): Promise<Result<void, KvError>> {
  const result = await context.kv.transact({ state: COUNTERS }, ({ state }) => {
    const draft = createDraft(context, asCounters(state));
    draft.create(KIND, { act, entityKind: kind, ids: [...ids], at: context.clock.now() });
    const { writes, change } = draft.finish(true);
    return { writes, value: change };
  });
  if (!result.ok) return result;
  announce(context, result.value);
  return ok(undefined);
}

export interface ConfirmedDeletions {
  /** Whether a person confirmed this deletion where it was made. */
  has(deletion: RemoteEntity): boolean;
}

/** The acts that this device knows of. */
export async function readBulkDeletions({ kv }: StoreContext): Promise<Result<ConfirmedDeletions, KvError>> {
  const found = await kv.read({
    acts: { list: 'entities', index: 'byPlace', lower: [KIND, LIVE], upper: [KIND, LIVE, HIGH], reverse: true, limit: MAX_READ },
  });
  if (!found.ok) return found;
  const acts = found.value.acts.map(({ fields, lastUpdated }) => ({
    kind: fields.entityKind,
    ids: new Set(Array.isArray(fields.ids) ? fields.ids : []),
    made: parseStamp(lastUpdated),
  }));
  return ok({
    has({ kind, id, lastUpdated }) {
      const { ms, tag } = parseStamp(lastUpdated);
      return acts.some(
        ({ kind: of, ids, made }) => of === kind && made.tag === tag && Math.abs(ms - made.ms) <= LASTS_MS && ids.has(id),
      );
    },
  });
}
