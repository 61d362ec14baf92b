/**
 * Keeps an index at the store's present state: loads what was kept of it, follows the store by localSeq, and keeps it
 * again once enough has changed. What was kept is only a head start: when it is absent, damaged, of another version or
 * ahead of the store, everything is looked at again.
 */
import type { Ledger } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import type { Clock, Locks } from '#core/ports.ts';
import { afterQuiet } from '#core/quiet.ts';
import type { Result } from '#core/result.ts';
import { catalogShape } from './catalog.ts';
import type { SearchState } from './search-api.ts';
import { type SearchedEntity, searchedKinds, shapeOf } from './search-document.ts';
import { createSearchIndex, type SearchIndex } from './search-index.ts';

/** Raised when the same entities would be indexed in another way. */
export const INDEX_VERSION = 5;

/** An index as it is kept. `shape` names the searched fields and what the catalog has, `text` is the index itself. */
export interface KeptIndex {
  readonly version: number;
  readonly shape: string;
  /** Every change up to this localSeq is in it. */
  readonly localSeq: number;
  readonly text: string;
}

export interface KeeperOptions {
  readonly ledger: Ledger;
  /** The store's `changedSince`. */
  readonly changedSince: (
    localSeq: number,
    limit: number,
  ) => Promise<
    Result<
      { readonly items: readonly SearchedEntity[]; readonly next: number; readonly left: number; readonly head: number },
      StoreError
    >
  >;
  /** The kept index, or null where there is none that reads. */
  readonly load: () => Promise<KeptIndex | null>;
  /** Never throws; what could not be kept is made again. */
  readonly keep: (index: KeptIndex) => Promise<void>;
  readonly locks: Locks;
  /** One context at a time keeps the index of a workspace. */
  readonly lock: string;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly onState: (state: SearchState) => void;
}

export interface IndexKeeper {
  /** The index as far as it has come. */
  readonly index: SearchIndex;
  /** Catches up with the store. Calls during a run are one more run after it. */
  follow(): Promise<void>;
  /** Keeps the index now, if it has changed since it was kept last. */
  keep(): Promise<void>;
}

/** About 50 ms of work: a query waits no longer for its turn. */
const PAGE = 100;
/** Changes that are cheaper to look at again at the next start than to write the whole index for. */
const WORTH_KEEPING = 500;
/** A long first run is kept in between, so that a closed tab does not lose all of it. */
const KEEP_EVERY = 20_000;
/** Fewer than this are caught up with before anybody could read a number. */
const WORTH_TELLING = 200;
/** Writing blocks queries for a moment, so it waits until nobody is typing one, but not while changes go on forever. */
const QUIET = { quietMs: 3000, withinMs: 30_000 };
const RETRY_MS = 2000;

export async function createIndexKeeper(options: KeeperOptions): Promise<IndexKeeper> {
  const { ledger, changedSince, clock, onState } = options;
  const shape = shapeOf(searchedKinds(ledger)) + catalogShape(ledger);
  let index = createSearchIndex(ledger);
  let localSeq = 0;
  let keptChanges = 0;
  let changes = 0;
  let running: Promise<void> | null = null;
  let again = false;
  /** Told that everything is in, and nothing has changed since: telling it again would have every page ask again. */
  let announced = false;

  onState({ type: 'loading' });
  const kept = await options.load();
  if (kept?.version === INDEX_VERSION && kept.shape === shape) {
    try {
      index = createSearchIndex(ledger, kept.text);
      localSeq = kept.localSeq;
    } catch {
      // Damaged in a way that its checksum did not show.
    }
  }

  const keep = async (): Promise<void> => {
    keeping.cancel();
    if (changes === keptChanges) return;
    await options.locks.hold(
      options.lock,
      async () => {
        keptChanges = changes;
        await options.keep({ version: INDEX_VERSION, shape, localSeq, text: index.serialize() });
      },
      { ifAvailable: true },
    );
  };

  const keeping = afterQuiet(
    (ms, fire) => clock.setTimer(ms, fire),
    QUIET,
    () => void keep(),
  );

  const catchUp = async (): Promise<void> => {
    let done = 0;
    for (;;) {
      const page = await changedSince(localSeq, PAGE);
      if (!page.ok) {
        onState({ type: 'failed', error: page.error });
        announced = false;
        clock.setTimer(RETRY_MS, () => void follow());
        return;
      }
      const { items, next, left, head } = page.value;
      if (head < localSeq) {
        index = createSearchIndex(ledger);
        localSeq = 0;
        continue;
      }
      for (const item of items) index.put(item);
      localSeq = next;
      changes += items.length;
      done += items.length;
      if (left === 0) break;
      if (done + left > WORTH_TELLING) onState({ type: 'indexing', done, total: done + left });
      if (changes - keptChanges >= KEEP_EVERY) await keep();
    }
    if (!announced || done > 0) onState({ type: 'ready', documents: index.documents, localSeq });
    announced = true;
    if (changes - keptChanges >= WORTH_KEEPING) keeping.note();
  };

  const follow = (): Promise<void> => {
    again = true;
    running ??= (async () => {
      while (again) {
        again = false;
        await catchUp();
      }
      running = null;
    })();
    return running;
  };

  return {
    get index() {
      return index;
    },
    follow,
    keep,
  };
}
