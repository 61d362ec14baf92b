/**
 * The open tabs as the layout keeps them: by id, each with its place among the others. So two windows that change tabs at
 * the same moment are merged tab by tab; of two lists one would win, and what the other had opened would be gone.
 */
import type { Tab, Tabs } from './open-tabs.ts';

type KeptTab = {
  readonly panel: string;
  /** Tabs are in the order of their numbers, and of their ids where two windows chose the same. */
  readonly at: number;
  readonly preview?: boolean;
};

export type KeptTabs = { readonly [id: string]: KeptTab };

/** Closer places are too near to put something between: all get new ones. */
const MIN_GAP = 1e-6;

/** Reads the tabs from a layout, leaving out whatever is not one. */
export function readKeptTabs(value: unknown): KeptTabs {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const isKept = (entry: [string, unknown]): entry is [string, KeptTab] => {
    const { panel, at } = Object(entry[1]);
    return typeof panel === 'string' && typeof at === 'number';
  };
  return Object.fromEntries(Object.entries(value).filter(isKept));
}

/** The tabs in their order. */
export function tabsOf(kept: KeptTabs): Tabs {
  return Object.entries(kept)
    .sort(([a, left], [b, right]) => left.at - right.at || (a < b ? -1 : 1))
    .map(([id, { panel, preview }]): Tab => ({ panel, id, ...(preview && { preview }) }));
}

/** How the tabs are kept from now on. As many as can be keep their places: what did not move is no change to be merged. */
export function keepTabs(tabs: Tabs, before: KeptTabs): KeptTabs {
  const staying = longestRise(tabs.map(({ id }) => before[id]?.at));
  const places: number[] = [];
  for (let from = 0; from < tabs.length; ) {
    const stays = staying.get(from);
    if (stays !== undefined) {
      places.push(stays);
      from += 1;
      continue;
    }
    let to = from;
    while (to < tabs.length && !staying.has(to)) to++;
    places.push(...between(places.at(-1), staying.get(to), to - from));
    from = to;
  }
  const isTight = places.some((at, index) => index > 0 && at - (places[index - 1] ?? 0) < MIN_GAP);
  return Object.fromEntries(
    tabs.map(({ id, panel, preview }, index) => [
      id,
      { panel, at: isTight ? index + 1 : (places[index] ?? index + 1), ...(preview && { preview }) },
    ]),
  );
}

/** So many places between two, or before or behind one. */
function between(low: number | undefined, high: number | undefined, count: number): readonly number[] {
  const first = low ?? (high ?? count + 1) - count - 1;
  const last = high ?? first + count + 1;
  return Array.from({ length: count }, (_, index) => first + ((last - first) * (index + 1)) / (count + 1));
}

/** The longest row of numbers that rises from left to right, by position. There are few tabs: each is compared with all before it. */
function longestRise(numbers: readonly (number | undefined)[]): ReadonlyMap<number, number> {
  const best: { readonly length: number; readonly before: number }[] = [];
  for (const [index, number] of numbers.entries()) {
    let length = number === undefined ? 0 : 1;
    let before = -1;
    for (let at = 0; at < index && number !== undefined; at++) {
      const other = numbers[at];
      const longer = (best[at]?.length ?? 0) + 1;
      if (other !== undefined && other < number && longer > length) [length, before] = [longer, at];
    }
    best.push({ length, before });
  }
  const rise = new Map<number, number>();
  const longest = Math.max(0, ...best.map(({ length }) => length));
  for (let at = longest === 0 ? -1 : best.findIndex(({ length }) => length === longest); at >= 0; at = best[at]?.before ?? -1) {
    rise.set(at, numbers[at] as number);
  }
  return rise;
}
