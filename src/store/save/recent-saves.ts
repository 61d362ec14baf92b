import type { Fields } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { CountersRow } from '#store/schema/meta-rows.ts';
import type { EntityRow } from '#store/schema/schema.ts';
import type { SaveRequest } from '#store/store.ts';
import type { SaveRows } from './plan-save.ts';

/** Rows remembered: what a person works at side by side. */
const MAX_ROWS = 4;

/**
 * What the last saves of this context left in the database, as a guess of what the next one finds there (`guess` of `Kv`).
 * Another tab or a sync may have been there since: then the guess is wrong, and costs that save its second try.
 */
export interface RecentSaves {
  /** The fields that the last save of an entity left; none where that is not remembered. */
  fields(kind: string, id: string): Fields;
  /** What a save should find, where that is known. Saves side by side cannot all be right: the first of them takes the guess. */
  guess(request: SaveRequest, parent: KeyPair | null): SaveRows | undefined;
  /** Notes what a committed save has left: the row, and before it the one above it, if any. */
  note(left: readonly (EntityRow | undefined)[], state: CountersRow): void;
}

export function createRecentSaves(): RecentSaves {
  /** The row saved last is last. */
  let rows: readonly EntityRow[] = [];
  let counters: CountersRow | null = null;
  const find = (kind: string, id: string) => rows.find((row) => row.kind === kind && row.id === id);
  return {
    fields: (kind, id) => find(kind, id)?.fields ?? {},
    guess({ kind, id, baseSeq }, parent) {
      const state = counters;
      counters = null;
      const row = find(kind, id);
      const above = parent ? [find(...parent)] : [];
      // What was built on nothing is new, and nothing of it is there.
      const isKnown = (row || baseSeq === 0) && !above.includes(undefined);
      return state && isKnown ? { row, last: [], state, above } : undefined;
    },
    note(left, state) {
      const noted = left.filter((row) => row !== undefined);
      const others = rows.filter((row) => !noted.some(({ kind, id }) => row.kind === kind && row.id === id));
      rows = [...others, ...noted].slice(-MAX_ROWS);
      counters = state;
    },
  };
}
