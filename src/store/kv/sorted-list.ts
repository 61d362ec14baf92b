/** Entries in order. Additions and removals are gathered, and put in place at the next look. */
export interface SortedList<E> {
  add(entry: E): void;
  /** Takes out an entry that was added before. */
  remove(entry: E): void;
  /** All entries in order. Valid until the next change. */
  entries(): readonly E[];
}

/** Up to this many changes are put in place one by one; beyond it one pass over the whole list is quicker. */
const FEW = 16;

/** A sorted list. No two of its entries may be equal by `compare`. */
export function createSortedList<E>(compare: (a: E, b: E) => number): SortedList<E> {
  let sorted: E[] = [];
  const added = new Set<E>();
  const removed = new Set<E>();

  /** The first position whose entry is not before `entry`. */
  const position = (entry: E): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(sorted[middle] as E, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const settle = (): void => {
    // Removals first: an entry's successor is equal to it.
    if (removed.size > FEW) sorted = sorted.filter((entry) => !removed.has(entry));
    else for (const entry of removed) sorted.splice(position(entry), 1);
    removed.clear();
    if (added.size > FEW) sorted = [...sorted, ...added].sort(compare);
    else for (const entry of added) sorted.splice(position(entry), 0, entry);
    added.clear();
  };

  return {
    add(entry) {
      added.add(entry);
    },
    remove(entry) {
      if (!added.delete(entry)) removed.add(entry);
    },
    entries() {
      if (added.size > 0 || removed.size > 0) settle();
      return sorted;
    },
  };
}
