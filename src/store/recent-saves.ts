import type { EntityRow, HistoryRow, StateRow } from './schema.ts';
import type { SaveRequest } from './store.ts';

/** Rows remembered: what a person works at side by side. */
const MAX_ROWS = 4;

/** The rows that a save reads. */
export interface SaveRows {
  readonly row: EntityRow | undefined;
  readonly last: readonly HistoryRow[];
  readonly state: StateRow | undefined;
}

/**
 * What the last saves of this context left in the database, as a guess of what the next one finds there (`guess` of `Kv`).
 * Another tab or a sync may have been there since: then the guess is wrong, and costs that save its second try.
 */
export interface RecentSaves {
  /** What a save should find, where that is known. Saves side by side cannot all be right: the first of them takes the guess. */
  guess(request: SaveRequest): SaveRows | undefined;
  /** Notes what a committed save has left. */
  note(row: EntityRow, state: StateRow): void;
}

export function createRecentSaves(): RecentSaves {
  /** The row saved last stands last. */
  let rows: readonly EntityRow[] = [];
  let counters: StateRow | null = null;
  const others = (kind: string, id: string) => rows.filter((row) => row.kind !== kind || row.id !== id);
  return {
    guess({ kind, id, builtOn }) {
      const state = counters;
      counters = null;
      const row = rows.find((known) => known.kind === kind && known.id === id);
      // What was built on nothing is new, and nothing of it is there.
      return state && (row || builtOn === 0) ? { row, last: [], state } : undefined;
    },
    note(row, state) {
      rows = [...others(row.kind, row.id), row].slice(-MAX_ROWS);
      counters = state;
    },
  };
}
