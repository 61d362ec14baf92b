import MiniSearch, { type AsPlainObject, type QueryCombination, type SearchOptions } from 'minisearch';
import type { Ledger } from '#core/entity.ts';
import { type EntityKey, keyText, splitKey } from '#core/entity-key.ts';
import { type Catalog, type CatalogRow, createCatalog } from './catalog.ts';
import { type SearchDocument, type SearchedEntity, searchedKinds, toDocument } from './search-document.ts';
import { type AskedWord, readQuery, termsOf } from './words.ts';

/** What was found of one top-level entity: in itself, or in its children. */
export interface FoundFamily extends EntityKey {
  /** The entity in which most was found: a message of the chat, or the entity itself. */
  readonly best: EntityKey;
  /** Every entity in which something was found. */
  readonly found: readonly EntityKey[];
  /** Wall time in ms of the last change to what was found. */
  readonly updatedAt: number;
}

export interface FoundFamilies {
  /** Best first, the newest first among equals. */
  readonly families: readonly FoundFamily[];
  /** The words of the index that fit the query, to be marked. */
  readonly terms: ReadonlySet<string>;
  /** False where every word of the query is so common that only the newest texts, and all titles, were looked at. */
  readonly complete: boolean;
}

/**
 * The words of a workspace, in memory. A family (a chat and its messages) is found as one: every word of the query is
 * somewhere in it, begins a word of it, or is a typing error away from one.
 */
export interface SearchIndex {
  readonly documents: number;
  /** What is known of all documents beside their words. */
  readonly catalog: Catalog;
  /** Takes the entity as it is now: adds, replaces, or removes what left for the bin or was deleted. */
  put(entity: SearchedEntity): void;
  /**
   * Families of these kinds, or of all, in which all words of the query are, also those of its phrases: whether they follow
   * each other is for `withPhrases`. `exact`: a typing error finds nothing.
   */
  find(query: string, kinds?: readonly string[], exact?: boolean): FoundFamilies;
  serialize(): string;
}

const options = {
  idField: 'key',
  fields: ['title', 'labels', 'text'] satisfies (keyof SearchDocument)[],
  tokenize: termsOf,
  // The words are folded already.
  processTerm: (term: string) => term,
};

const BOOST = { title: 4, labels: 3, text: 1 };
const WEIGHTS = { prefix: 0.7, fuzzy: 0.25 };
const TITLES = ['title', 'labels'];
/** Fewer letters begin too many words: as a beginning they count in titles and labels only. */
const MIN_PREFIX = 3;
/** Scores whose ratio is below this are a tie, which the newer one wins. */
const TIE = 1.15;
/**
 * Entries of the index that a word may have to be looked up everywhere: about 5 µs each, so 15 ms. Beyond that a word is
 * so common that it says little, and the newest documents are enough.
 */
const MAX_ENTRIES = 3000;
const NEWEST_DOCUMENTS = 2000;
/** Fewer families than this among the newest documents: then the others are looked at as well. */
const ENOUGH_FAMILIES = 50;
/** The floor of the newest documents is found again after so many changes. */
const FLOOR_CHANGES = 500;

/** Beside MiniSearch, because what it stores is copied into every result. */
interface Standing {
  readonly top: string;
  readonly updatedAt: number;
}

interface Serialized {
  readonly index: AsPlainObject;
  readonly standings: readonly (readonly [key: string, top: string, updatedAt: number])[];
  readonly catalog: readonly CatalogRow[];
}

interface Found {
  readonly top: string;
  score: number;
  readonly terms: string[];
}

type Admit = (standing: Standing) => boolean;

/** An empty index, or the one that `serialize` gave. Throws on a string that it did not give. */
export function createSearchIndex(ledger: Ledger, serialized?: string): SearchIndex {
  const kinds = searchedKinds(ledger);
  const stored = serialized === undefined ? null : (JSON.parse(serialized) as Serialized);
  const mini = stored ? MiniSearch.loadJS<SearchDocument>(stored.index, options) : new MiniSearch<SearchDocument>(options);
  const standings = new Map<string, Standing>(stored?.standings.map(([key, top, updatedAt]) => [key, { top, updatedAt }]));
  const catalog = createCatalog(ledger, stored?.catalog);
  let changes = 0;
  let floor: { readonly at: number; readonly updatedAt: number } | null = null;

  /** Wall time in ms from which on a document is one of the newest. */
  const newestFloor = (): number => {
    if (standings.size <= NEWEST_DOCUMENTS) return 0;
    if (!floor || changes - floor.at >= FLOOR_CHANGES) {
      const times = Float64Array.from(standings.values(), ({ updatedAt }) => updatedAt).sort();
      floor = { at: changes, updatedAt: times.at(-NEWEST_DOCUMENTS) ?? 0 };
    }
    return floor.updatedAt;
  };

  const standingOf = (key: string): Standing => standings.get(key) as Standing;

  /** How many entries the index has for a word of the query, without making a result of any. */
  const countEntries = (word: AskedWord, exact: boolean): number => {
    let entries = 0;
    const boostDocument = (): number => {
      entries += 1;
      return 0;
    };
    mini.search(queryFor(word, exact), { ...SEARCH, boostDocument });
    return entries;
  };

  /** The word as it is looked for: without its signs where no text has it with them. */
  const count = (word: AskedWord, exact: boolean): { readonly word: AskedWord; readonly entries: number } => {
    const entries = countEntries(word, exact);
    if (entries > 0 || word.unsigned === null) return { word, entries };
    const plain = { ...word, term: word.unsigned };
    return { word: plain, entries: countEntries(plain, exact) };
  };

  /** The documents of families in which all of the words are found, by key. Rare words go first: they leave less for the others. */
  const search = (words: readonly AskedWord[], exact: boolean, admit: Admit, fields?: string[]): Map<string, Found> => {
    const found = new Map<string, Found>();
    let families: ReadonlySet<string> | null = null;
    for (const word of words) {
      const reached = new Set<string>();
      const among: ReadonlySet<string> | null = families;
      const boostDocument = (key: string): number => {
        const standing = standingOf(key);
        return admit(standing) && (!among || among.has(standing.top)) ? 1 : 0;
      };
      const results = mini.search(queryFor(word, exact, fields), { ...SEARCH, boostDocument });
      for (const { id, score, terms: fitting } of results) {
        const known = found.get(id);
        if (known) {
          known.score += score;
          known.terms.push(...fitting);
        } else found.set(id, { top: standingOf(id).top, score, terms: fitting });
        reached.add(standingOf(id).top);
      }
      families = reached;
    }
    for (const [key, { top }] of found) if (!families?.has(top)) found.delete(key);
    return found;
  };

  return {
    catalog,
    get documents() {
      return standings.size;
    },
    put(entity) {
      catalog.put(entity);
      const key = keyText(entity);
      const document = toDocument(kinds, entity);
      if (document) {
        if (standings.has(key)) mini.replace(document);
        else mini.add(document);
        standings.set(key, { top: document.top, updatedAt: document.updatedAt });
      } else if (standings.delete(key)) mini.discard(key);
      else return;
      changes += 1;
    },
    find(query, wanted, exact = false) {
      const isShown: Admit = ({ top }) =>
        // What a binned chat holds stays in the index, for its return, and out of sight.
        standings.has(top) && (!wanted || wanted.includes(splitKey(top)[0]));
      const counted = readQuery(query).words.map((word) => count(word, exact));
      const words = counted.sort((a, b) => a.entries - b.entries).map(({ word }) => word);
      const isCommon = (counted[0]?.entries ?? 0) > MAX_ENTRIES;
      const from = isCommon ? newestFloor() : 0;
      if (from === 0) return toFamilies(search(words, exact, isShown), standings, true);
      const isNew: Admit = (standing) => standing.updatedAt >= from && isShown(standing);
      const isOld: Admit = (standing) => standing.updatedAt < from && isShown(standing);
      const newest = search(words, exact, isNew);
      const isEnough = new Set([...newest.values()].map(({ top }) => top)).size >= ENOUGH_FAMILIES;
      const older = search(words, exact, isOld, isEnough ? TITLES : undefined);
      return toFamilies(new Map([...newest, ...older]), standings, !isEnough);
    },
    serialize() {
      const rows = [...standings].map(([key, { top, updatedAt }]) => [key, top, updatedAt] as const);
      return JSON.stringify({ index: mini.toJSON(), standings: rows, catalog: catalog.serialize() } satisfies Serialized);
    },
  };
}

const SEARCH: SearchOptions = { boost: BOOST, weights: WEIGHTS, tokenize: (term) => [term] };

/** One word of the query, looked for in `fields`, or in all. */
function queryFor({ term, isWhole }: AskedWord, exact: boolean, fields?: string[]): QueryCombination {
  if (isWhole) return { combineWith: 'OR', queries: [term], ...(fields && { fields }) };
  const isLong = term.length >= MIN_PREFIX || !/^[\x20-\x7e]+$/.test(term);
  if (isLong) {
    const fuzzy = exact ? false : typingErrors(term);
    return { combineWith: 'OR', queries: [term], prefix: true, fuzzy, ...(fields && { fields }) };
  }
  const inTitles: QueryCombination = { combineWith: 'OR', queries: [term], prefix: term.length > 1, fields: TITLES };
  if (fields) return inTitles;
  return { combineWith: 'OR', queries: [inTitles, { combineWith: 'OR', queries: [term], fields: ['text'] }] };
}

/** How many letters may be wrong. Short words and numbers have too many neighbours. */
function typingErrors(term: string): number | false {
  if (term.length < 4 || /\p{N}/u.test(term)) return false;
  return term.length < 8 ? 1 : 2;
}

interface Family {
  readonly top: string;
  readonly found: string[];
  best: string;
  score: number;
  updatedAt: number;
}

function toFamilies(
  found: ReadonlyMap<string, Found>,
  standings: ReadonlyMap<string, Standing>,
  complete: boolean,
): FoundFamilies {
  const families = new Map<string, Family>();
  const fitting = new Set<string>();
  for (const [key, { top, score, terms }] of found) {
    for (const term of terms) fitting.add(term);
    const updatedAt = standings.get(key)?.updatedAt ?? 0;
    const family = families.get(top);
    if (!family) {
      families.set(top, { top, found: [key], best: key, score, updatedAt });
      continue;
    }
    family.found.push(key);
    family.updatedAt = Math.max(family.updatedAt, updatedAt);
    if (score <= family.score) continue;
    family.best = key;
    family.score = score;
  }
  const rank = ({ score }: Family): number => Math.round(Math.log(score) / Math.log(TIE));
  const ranked = [...families.values()].map((family) => ({ family, rank: rank(family) }));
  return {
    families: ranked
      .sort((a, b) => b.rank - a.rank || b.family.updatedAt - a.family.updatedAt)
      .map(({ family }) => asFound(family)),
    terms: fitting,
    complete,
  };
}

function asFound({ top, best, found, updatedAt }: Family): FoundFamily {
  return { ...toKey(top), best: toKey(best), found: found.map(toKey), updatedAt };
}

function toKey(text: string): EntityKey {
  const [kind, id] = splitKey(text);
  return { kind, id };
}
