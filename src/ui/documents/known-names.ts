import { createSource, type Observable } from '#app/observable.ts';
import { equalJson } from '#core/json.ts';
import { createNameTally, type NameCount } from '#core/name-tally.ts';
import { nameKey, namesIn } from '#core/names.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { once } from '#ui/text/once.ts';
import type { DocumentView } from './document-summary.ts';

/** The names that live documents carry, in order, by field (`DocumentDeclaration.facets`). */
export type Names = { readonly [field: string]: readonly NameCount[] };

export interface KnownNames {
  readonly names: Observable<Names>;
  /** Every document is known: the names are all there are. */
  readonly isComplete: boolean;
  /** The documents are read again from the first one. */
  restart(): void;
  /** Takes up what documents that have been read carry now. */
  learn(views: readonly DocumentView[]): void;
  /** Takes up that documents have gone. */
  forget(ids: readonly string[]): void;
  /** The last document has been read: what was not learned since `restart` is gone. */
  end(): void;
  /** Takes over what was counted over all documents, until they have all been read. */
  countAll(all: Names): void;
}

/** Made when the first name is seen: some milliseconds of a cold start. */
const collator = once(() => new Intl.Collator(undefined, { numeric: true }));

type Carried = { readonly [field: string]: readonly string[] };

/**
 * Tags, notebooks and the like, for filters and suggestions. They come with the pages that are read anyway: while the list is not
 * at its end they are those of the documents read so far, and those that the search index has counted (`countAll`).
 */
export function createKnownNames({ document: { facets = [] } }: DocumentKind): KnownNames {
  const tallies = new Map(facets.map(({ field }) => [field, createNameTally()]));
  const none: Carried = Object.fromEntries([...tallies.keys()].map((field) => [field, []]));
  const names = createSource<Names>(Object.fromEntries([...tallies.keys()].map((field) => [field, []])));
  const carried = new Map<string, Carried>();
  let learned = new Set<string>();
  let isComplete = false;
  let all: Names = {};

  /** Gives whether that changes anything. */
  const change = (id: string, next: Carried): boolean => {
    const before = carried.get(id) ?? none;
    if (equalJson(before, next)) return false;
    for (const [field, tally] of tallies) {
      tally.remove(before[field] ?? []);
      tally.add(next[field] ?? []);
    }
    carried.set(id, next);
    return true;
  };

  const show = (isNew: boolean): void => {
    if (!isNew) return;
    const united = [...tallies].map(([field, tally]) => {
      const counts = isComplete ? tally.counts() : unite(all[field] ?? [], tally.counts());
      return [field, counts.toSorted((a, b) => collator().compare(a.name, b.name))] as const;
    });
    names.set(Object.fromEntries(united));
  };

  const forget = (ids: readonly string[]): boolean => ids.filter((id) => change(id, none)).length > 0;

  return {
    names,
    get isComplete() {
      return isComplete;
    },
    restart() {
      learned = new Set();
      isComplete = false;
    },
    learn(views) {
      const isNew = views.map(({ id, fields }) => {
        learned.add(id);
        return change(id, Object.fromEntries([...tallies.keys()].map((field) => [field, namesIn(fields[field])])));
      });
      show(isNew.includes(true));
    },
    forget: (ids) => show(forget(ids)),
    end() {
      isComplete = true;
      show(forget([...carried.keys()].filter((id) => !learned.has(id))) || Object.keys(all).length > 0);
    },
    countAll(counted) {
      all = counted;
      show(!isComplete);
    },
  };
}

function unite(all: readonly NameCount[], learned: readonly NameCount[]): readonly NameCount[] {
  const known = new Set(all.map(({ name }) => nameKey(name)));
  return [...all, ...learned.filter(({ name }) => !known.has(nameKey(name)))];
}
