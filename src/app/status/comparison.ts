/** This device compared with the server, entity by entity, by version and content: two sorted streams read side by side. */
import { ok, type Result } from '#core/result.ts';

/** One entity on one side. */
export interface ComparedVersion {
  readonly kind: string;
  readonly id: string;
  readonly version: string | null;
  readonly deleted: boolean;
  /** SHA-256 of the body, where it is known. */
  readonly hash?: string | null;
}

export interface HereVersion extends ComparedVersion {
  readonly pending: boolean;
  /** The hash that the server has instead where the body travelled by itself. */
  readonly standInHash?: string;
}

export interface ThereVersion extends ComparedVersion {
  readonly seq: number;
}

/** A stream of pages, sorted by kind, then id. Null is the end. */
export type Pages<V, E> = () => Promise<Result<readonly V[] | null, E>>;

/** One kind on both sides. Tombstones count nowhere but in `differing`. */
export interface KindComparison {
  readonly kind: string;
  readonly here: number;
  readonly there: number;
  /** Changed here, not yet acknowledged by the server. */
  readonly waiting: number;
  /** Changed there after what this device has pulled. */
  readonly coming: number;
  /** Neither of the two, and yet not the same: what a sync should have brought together. */
  readonly differing: number;
  /** Some of the differing ones, to look at. */
  readonly examples: readonly string[];
}

const MAX_EXAMPLES = 20;

type Tally = { -readonly [K in keyof Omit<KindComparison, 'kind' | 'examples'>]: number } & { readonly examples: string[] };

/**
 * Compares what `here` and `there` give. `cursor` is the account's seq up to which this device has pulled. `onProgress`
 * is called with how many entities of the server have been looked at. Stops with the first error of either side.
 */
export async function compareVersions<E>(
  here: Pages<HereVersion, E>,
  there: Pages<ThereVersion, E>,
  cursor: number,
  onProgress: (looked: number) => void,
): Promise<Result<readonly KindComparison[], E>> {
  const tallies = new Map<string, Tally>();
  const tallyOf = (kind: string): Tally => {
    const known = tallies.get(kind);
    if (known) return known;
    const fresh: Tally = { here: 0, there: 0, waiting: 0, coming: 0, differing: 0, examples: [] };
    tallies.set(kind, fresh);
    return fresh;
  };
  const left = createReader(here);
  const right = createReader(there);
  let looked = 0;
  for (;;) {
    const [mine, theirs] = [await left.peek(), await right.peek()];
    if (!mine.ok) return mine;
    if (!theirs.ok) return theirs;
    if (!mine.value && !theirs.value) break;
    const order = compareKeys(mine.value, theirs.value);
    const ours = order <= 0 ? mine.value : null;
    const other = order >= 0 ? theirs.value : null;
    note(tallyOf((ours ?? other)?.kind ?? ''), ours, other, cursor);
    if (ours) left.next();
    if (!other) continue;
    right.next();
    looked += 1;
    if (right.isAtPageEnd()) onProgress(looked);
  }
  onProgress(looked);
  const rows = [...tallies].map(([kind, tally]): KindComparison => ({ kind, ...tally }));
  return ok(rows.filter((row) => row.here + row.there + row.waiting + row.coming + row.differing > 0));
}

function note(tally: Tally, here: HereVersion | null, there: ThereVersion | null, cursor: number): void {
  if (here && !here.deleted) tally.here += 1;
  if (there && !there.deleted) tally.there += 1;
  if (here?.pending) tally.waiting += 1;
  else if (isSame(here, there) || isForgotten(here, there)) return;
  else if (there && there.seq > cursor) tally.coming += 1;
  else {
    tally.differing += 1;
    if (tally.examples.length < MAX_EXAMPLES) tally.examples.push((here ?? there)?.id ?? '');
  }
}

/** The same version, and on both sides with the content that the version was made of. */
function isSame(here: HereVersion | null, there: ThereVersion | null): boolean {
  if (here?.version !== there?.version) return false;
  return here?.hash == null || there?.hash == null || [here.hash, here.standInHash].includes(there.hash);
}

/** Made and deleted here before the server ever knew of it. */
const isForgotten = (here: HereVersion | null, there: ThereVersion | null): boolean =>
  there === null && here !== null && here.deleted && here.version === null;

/** Negative where `a` comes first; the end comes last. Ids and kinds are ASCII: code units are the order of both stores. */
function compareKeys(a: ComparedVersion | null, b: ComparedVersion | null): number {
  if (!a || !b) return a ? -1 : 1;
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function createReader<V, E>(pages: Pages<V, E>) {
  let page: readonly V[] = [];
  let at = 0;
  let ended = false;
  return {
    async peek(): Promise<Result<V | null, E>> {
      while (at >= page.length && !ended) {
        const next = await pages();
        if (!next.ok) return next;
        ended = next.value === null;
        page = next.value ?? [];
        at = 0;
      }
      return ok(page[at] ?? null);
    },
    next(): void {
      at += 1;
    },
    isAtPageEnd: (): boolean => at >= page.length,
  };
}
