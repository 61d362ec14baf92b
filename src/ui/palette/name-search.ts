import type { App, EntityView, ListAnswer, ListRequest } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { fold } from '#features/search/fold.ts';
import type { Panel } from '#ui/panels/panel.ts';
import { matchScore, wordsOf } from '#ui/text/text-match.ts';

/** An entity that has a name and a place to open. */
export interface Named {
  readonly panel: Panel;
  readonly id: string;
  readonly title: string;
  readonly updatedAt: number;
}

export interface NameHits {
  /** Best first, then newest first; at most `MAX_HITS`. */
  readonly hits: readonly Named[];
  /** How many entities have been looked at, of how many. */
  readonly looked: number;
  readonly total: number;
  readonly isLooking: boolean;
}

/** Of the app: any kind's list. */
export interface NameSource extends Pick<App, 'count'> {
  list(request: ListRequest): Promise<Result<ListAnswer, StoreError>>;
}

export interface NameSearch {
  readonly found: Observable<NameHits>;
  /** Looks for entities whose name holds every word; the newest ones for an empty query. */
  find(query: string): void;
  close(): void;
}

/** More than anybody reads; with so many the next word narrows better than the next page. */
const MAX_HITS = 40;
/** Names read at a time: a few milliseconds, so that typing goes on between two pages. */
const PAGE = 250;

interface Name extends Named {
  readonly folded: string;
}

interface Source {
  readonly panel: Panel;
  readonly kind: string;
  after: string | undefined;
  isComplete: boolean;
}

/**
 * Looks through the names of all documents, newest first, a page at a time, and stops as soon as there are enough hits:
 * a hundred thousand notes are never read at once, and those that were read are not read again while the palette is open.
 */
export function createNameSearch(app: NameSource, panels: readonly Panel[]): NameSearch {
  const found = createSource<NameHits>({ hits: [], looked: 0, total: 0, isLooking: false });
  const sources: Source[] = panels.flatMap((panel) =>
    panel.documents === undefined ? [] : [{ panel, kind: panel.documents, after: undefined, isComplete: false }],
  );
  const names: Name[] = [];
  let total = 0;
  let run = 0;
  let pageUnderWay: Promise<void> = Promise.resolve();

  const countAll = async (): Promise<void> => {
    const counted = await Promise.all(sources.map(({ kind }) => app.count(kind, 'live')));
    total = counted.reduce((sum, count) => sum + (count.ok ? count.value : 0), 0);
  };
  const counting = countAll();

  /** Reads the next page of the source that has been read the least; false where there is none. */
  const readPage = async (): Promise<boolean> => {
    const source = sources.find(({ isComplete, after }) => !isComplete && after === undefined) ?? oldestOpen();
    if (!source) return false;
    const page = await app.list({ kind: source.kind, limit: PAGE, ...(source.after !== undefined && { after: source.after }) });
    // What cannot be read cannot be found: the rest still can.
    source.isComplete = !page.ok || page.value.next === null;
    if (!page.ok) return true;
    source.after = page.value.next ?? undefined;
    names.push(...page.value.items.map((view) => nameOf(source.panel, view)));
    return true;
  };

  let turn = 0;
  const oldestOpen = (): Source | undefined => {
    const open = sources.filter(({ isComplete }) => !isComplete);
    return open[turn++ % open.length];
  };

  const look = async (query: string): Promise<void> => {
    const mine = ++run;
    const words = wordsOf(query);
    let hits: readonly Hit[] = [];
    for (let from = 0; ; ) {
      hits = improve(hits, names, from, words);
      from = names.length;
      const isOpen = sources.some(({ isComplete }) => !isComplete);
      const isStarted = sources.every(({ isComplete, after }) => isComplete || after !== undefined);
      const isLooking = isOpen && (!isStarted || hits.length < MAX_HITS);
      found.set({ hits: hits.map(({ name }) => name), looked: names.length, total: Math.max(total, names.length), isLooking });
      if (!isLooking) return;
      // One page at a time, also where a new query comes while the page of the one before is on its way.
      const page = pageUnderWay.then(() => (mine === run && from === names.length ? readPage() : true));
      pageUnderWay = page.then(() => {});
      await Promise.all([page, counting]);
      if (mine !== run) return;
    }
  };

  return {
    found,
    find: (query) => void look(query),
    close() {
      run++;
    },
  };
}

interface Hit {
  readonly name: Name;
  readonly score: number;
}

/** The best of `hits` and the fitting ones of `names`, in one pass: with a hundred thousand of them a sort would be felt. */
function improve(hits: readonly Hit[], names: readonly Name[], from: number, words: readonly string[]): readonly Hit[] {
  const top = [...hits];
  for (let index = from; index < names.length; index++) {
    const name = names[index] as Name;
    const hit = { name, score: matchScore(name.folded, words) };
    const last = top[MAX_HITS - 1];
    if (hit.score === 0 || (last && !isBetter(hit, last))) continue;
    const at = top.findIndex((other) => isBetter(hit, other));
    top.splice(at < 0 ? top.length : at, 0, hit);
    top.length = Math.min(top.length, MAX_HITS);
  }
  return top;
}

const isBetter = (a: Hit, b: Hit): boolean => a.score > b.score || (a.score === b.score && a.name.updatedAt > b.name.updatedAt);

function nameOf(panel: Panel, { kind, id, fields, updatedAt }: EntityView): Name {
  const title = ledger.get(kind)?.title(fields) ?? '';
  return { panel, id, title, updatedAt, folded: fold(title) };
}
