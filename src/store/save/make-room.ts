/**
 * What may go when the browser refuses to save, in this order: what can be made again, files that the server has and nothing
 * here has used for long, then earlier revisions of what is still
 * there, the older ones first. Never what a person wrote, what waits to be sent, the bin, or the states in which a deletion
 * or a merge left something that is nowhere else.
 */
import type { KvError } from '#core/errors.ts';
import type { Clock, Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { EVENT_READS, eventWrites } from '#store/draft/event-log.ts';
import type { RoomStep } from '#store/kv/with-room.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';

const HOUR_MS = 3_600_000;
/** States of the last hour stay: they are what an Undo of a slip needs. */
const AGES_MS = [24 * HOUR_MS, HOUR_MS];
/** A kept revision is a whole document: a hundred of them are read at once. */
const PAGE = 100;

export interface RoomOptions {
  readonly kv: Kv<WorkspaceTables>;
  readonly clock: Pick<Clock, 'now'>;
  /** Deletes the search indexes of this browser, and keeps new ones from taking their place at once. */
  readonly freeCaches: () => Promise<Result<void, KvError>>;
  /** Let files go that the server has and nothing here has used, each of a shorter time than the one before. Give their bytes. */
  readonly letFilesGo: readonly (() => Promise<Result<number, KvError>>)[];
}

export function roomSteps({ kv, clock, freeCaches, letFilesGo }: RoomOptions): readonly RoomStep[] {
  /** For the event log. Where even that finds no room, the next step follows. */
  const tell = (states: number) =>
    kv.transact(
      EVENT_READS,
      ({ newestEvent }) => ({
        writes: eventWrites(newestEvent, { type: 'room-made', states }, clock.now()),
        value: null,
      }),
      'relaxed',
    );
  return [
    async () => {
      const freed = await freeCaches();
      if (freed.ok) await tell(0);
      return freed.ok;
    },
    ...letFilesGo.map((letGo) => async () => {
      const freed = await letGo();
      if (freed.ok && freed.value > 0) await tell(0);
      return freed.ok && freed.value > 0;
    }),
    ...AGES_MS.map((ageMs) => async () => {
      const freed = await freeStates(kv, clock.now() - ageMs);
      if (freed.ok && freed.value > 0) await tell(freed.value);
      return freed.ok && freed.value > 0;
    }),
  ];
}

/** Deletes the revisions that edits left before `beforeMs`. Gives how many. Harmless to repeat and to kill. */
async function freeStates(kv: Kv<WorkspaceTables>, beforeMs: number): Promise<Result<number, KvError>> {
  let freed = 0;
  let after: readonly [string, string, number] | null = null;
  for (;;) {
    const range = after === null ? {} : { lower: after, lowerOpen: true };
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(kv, range);
    if (!page.ok) return page;
    const { rows } = page.value;
    const old = rows.filter(({ reason, at }) => reason === 'edit' && at < beforeMs);
    const writes = old.map(({ kind, id, order }) => ({ delete: 'history', key: [kind, id, order] }) as const);
    if (writes.length > 0) {
      const deleted = await kv.transact({}, () => ({ writes, value: null }), 'relaxed');
      if (!deleted.ok) return deleted;
      freed += writes.length;
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return ok(freed);
    after = [last.kind, last.id, last.order];
  }
}

type Range = { readonly lower?: readonly [string, string, number]; readonly lowerOpen?: boolean };

const readPage = (kv: Kv<WorkspaceTables>, range: Range) => kv.read({ rows: { list: 'history', limit: PAGE, ...range } });
