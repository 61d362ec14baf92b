import type { Manifest } from './manifest.ts';

type Made = Pick<Manifest, 'id' | 'workspace' | 'database' | 'madeAt' | 'localSeq'>;

/**
 * In the order in which they were made, the last first. A clock that was ahead or behind for a time does not put them into another order: of one database
 * that which has seen more of it is the later, and comes no earlier than any before it. Pure.
 */
export function newestFirst<B extends Made>(backups: readonly B[]): readonly B[] {
  const byDatabase = new Map<string, B[]>();
  for (const one of backups) {
    // Where nobody has said which database it was, the time alone is known.
    const name = `${one.workspace} ${one.database ?? one.id}`;
    byDatabase.set(name, [...(byDatabase.get(name) ?? []), one]);
  }
  const placed = [...byDatabase].flatMap(([name, own]) => {
    let at = 0;
    return own.sort(later).map((one) => {
      at = Math.max(at, one.madeAt);
      return { one, name, at };
    });
  });
  const order = (a: (typeof placed)[number], b: (typeof placed)[number]): number =>
    b.at - a.at || (a.name === b.name ? later(b.one, a.one) : a.name < b.name ? 1 : -1);
  return placed.sort(order).map(({ one }) => one);
}

const later = (a: Made, b: Made): number => a.localSeq - b.localSeq || a.madeAt - b.madeAt || (a.id < b.id ? -1 : 1);
