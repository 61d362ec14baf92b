/**
 * Which commits this page has not been notified of. A broadcast may be lost: a page that has just started is not yet known to
 * the browser as a listener while another context already commits. The store counts its commits, so a loss shows.
 */
import type { Clock } from '#core/ports.ts';
import type { StoreChange } from '#store/store.ts';

/** A broadcast may be later than the answer of the store that knows of its commit. */
const LATE_MS = 1000;

export interface MissedChanges {
  /** A broadcast has arrived. */
  note(change: Pick<StoreChange, 'after' | 'localSeq'>): void;
  /** The store is at this localSeq. */
  check(localSeq: number): void;
}

/**
 * `since`: the localSeq of the store before anything of it was read. `onMissed` is called with the localSeq up to which broadcasts
 * are missing, once for what is missing then: "many: read again".
 */
export function createMissedChanges(
  { setTimer }: Pick<Clock, 'setTimer'>,
  since: number,
  onMissed: (localSeq: number) => void,
): MissedChanges {
  /** Every commit up to here is known. */
  let whole = since;
  /** Broadcasts behind a gap. They come in any order: each context has a channel of its own. */
  let early: readonly Required<Pick<StoreChange, 'after' | 'localSeq'>>[] = [];
  let newest = since;
  let isWaiting = false;

  const look = (): void => {
    if (isWaiting || newest <= whole) return;
    isWaiting = true;
    const awaited = newest;
    setTimer(LATE_MS, () => {
      isWaiting = false;
      if (whole < awaited) {
        reach(awaited);
        onMissed(awaited);
      }
      look();
    });
  };

  const reach = (localSeq: number): void => {
    whole = Math.max(whole, localSeq);
    early = early.toSorted((a, b) => a.after - b.after);
    for (const one of early) if (one.after <= whole) whole = Math.max(whole, one.localSeq);
    early = early.filter((one) => one.localSeq > whole);
  };

  return {
    // Tabs of earlier versions do not say after what; theirs fill any gap.
    note({ after = whole, localSeq }) {
      early = [...early, { after, localSeq }];
      newest = Math.max(newest, localSeq);
      reach(whole);
      look();
    },
    check(localSeq) {
      newest = Math.max(newest, localSeq);
      look();
    },
  };
}
