import { nameKey } from './names.ts';

/** A name that documents carry, in the form that most of them have, and how many do, in whatever form. */
export interface NameCount {
  readonly name: string;
  readonly count: number;
}

/** Counts names as documents come and go. */
export interface NameTally {
  /** Names that one document carries. */
  add(names: readonly string[]): void;
  /** Takes back what was added for a document. */
  remove(names: readonly string[]): void;
  /** In no order. The same array until something changes. */
  counts(): readonly NameCount[];
}

/** An empty tally. Variants of a name (`nameKey`) are one; a document that carries two of them counts once. */
export function createNameTally(): NameTally {
  const tally = new Map<string, { count: number; readonly forms: Map<string, number> }>();
  let counted: readonly NameCount[] | null = null;

  const change = (names: readonly string[], by: 1 | -1): void => {
    if (names.length > 0) counted = null;
    for (const [key, forms] of groupByKey(names)) {
      const known = tally.get(key) ?? { count: 0, forms: new Map() };
      known.count += by;
      for (const form of forms) {
        const left = (known.forms.get(form) ?? 0) + by;
        if (left > 0) known.forms.set(form, left);
        else known.forms.delete(form);
      }
      if (known.count > 0) tally.set(key, known);
      else tally.delete(key);
    }
  };

  return {
    add: (names) => change(names, 1),
    remove: (names) => change(names, -1),
    counts() {
      counted ??= [...tally.values()].map(({ count, forms }) => ({ name: mostUsed(forms), count }));
      return counted;
    },
  };
}

function groupByKey(names: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const name of names) {
    const key = nameKey(name);
    if (key === '') continue;
    groups.set(key, (groups.get(key) ?? new Set()).add(name));
  }
  return groups;
}

/** Among equals the one that sorts first, so that every device shows the same. */
function mostUsed(forms: ReadonlyMap<string, number>): string {
  let best: readonly [form: string, uses: number] = ['', 0];
  for (const [form, uses] of forms) if (uses > best[1] || (uses === best[1] && form < best[0])) best = [form, uses];
  return best[0];
}
