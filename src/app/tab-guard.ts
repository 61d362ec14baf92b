/**
 * Decides whether this tab's page may be replaced: by a reload of ours, an update, another account. Every such control
 * asks here and nowhere else. What is typed is committed first; what cannot be goes into the journal; and where words
 * would be in neither, the person is asked, and can take them along as a file.
 */

import type { Fields } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import type { EntityId } from '#core/ids.ts';
import type { Clock } from '#core/ports.ts';
import { createSource, type Observable } from './observable.ts';

/** One document as it is on the screen, with what is not on the disk. */
export interface UnsavedDocument {
  readonly kind: string;
  readonly id: EntityId;
  readonly fields: Fields;
}

/** The question whether to go on although `documents` hold words that are nowhere on the disk. */
export interface UnsavedWords {
  readonly documents: readonly UnsavedDocument[];
  /** Why they are not saved; null where this browser keeps nothing at all. */
  readonly error: StoreError | null;
  /** True: go on without them. False: stay. */
  answer(goOn: boolean): void;
}

export interface TabGuard {
  /** The open question, for the shell to show. */
  readonly question: Observable<UnsavedWords | null>;
  /** Whether the page may be replaced now: true where nothing would be lost, or the person said so. */
  mayReplace(): Promise<boolean>;
  /** `mayReplace`, then `go`. Gives whether it went. */
  replace(go: () => void): Promise<boolean>;
  /** Goes without asking, after `mayReplace` said yes: the browser's own question is not put a second time. */
  leave(go: () => void): void;
  /** Whether the browser has to ask before this page ends: words may be on no disk, and nobody has been asked about them. */
  mustWarn(): boolean;
}

export interface TabGuardOptions {
  readonly clock: Pick<Clock, 'setTimer'>;
  /** Commits what is typed; resolves when all of it is committed or has failed. */
  readonly flush: () => Promise<void>;
  /** Writes what is not committed into the journal. Gives whether all of it is there. */
  readonly writeJournal: () => Promise<boolean>;
  /** What is not committed; all that there is where the browser keeps nothing. */
  readonly unsaved: () => Promise<readonly UnsavedDocument[]>;
  /** The error that the status bar shows as *Not saved*. */
  readonly saveError: () => StoreError | null;
  /** The browser keeps nothing, and there is something to lose. */
  readonly isAllInMemory: () => boolean;
}

/** A store that does not answer within this time is not waited for: the journal is tried, and then the person is asked. */
const PATIENCE_MS = 2000;

export function createTabGuard(options: TabGuardOptions): TabGuard {
  const { clock, flush, writeJournal, unsaved, saveError, isAllInMemory } = options;
  const question = createSource<UnsavedWords | null>(null);
  let deciding: Promise<boolean> | null = null;
  let leaving = false;
  /** What the person was ready to lose: an update asks once more when it has taken over, and they are not asked again. */
  let givenUp = '';

  /** What `work` gives, or null where it does not come in time. */
  const within = async <V>(work: Promise<V>): Promise<V | null> => {
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const cancel = clock.setTimer(PATIENCE_MS, () => resolve(null));
    const result = await Promise.race([work, late]);
    cancel();
    return result;
  };

  const decide = async (): Promise<boolean> => {
    await within(flush());
    const documents = await unsaved();
    if (documents.length === 0 || (await within(writeJournal()))) return true;
    const words = JSON.stringify(documents);
    if (words === givenUp) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    question.set({ documents, error: saveError(), answer: resolve });
    const goOn = await promise;
    question.set(null);
    givenUp = goOn ? words : '';
    return goOn;
  };

  const mayReplace = (): Promise<boolean> => {
    deciding ??= decide().finally(() => {
      deciding = null;
    });
    return deciding;
  };

  const leave = (go: () => void): void => {
    leaving = true;
    go();
  };

  return {
    question,
    mayReplace,
    leave,
    async replace(go) {
      const may = await mayReplace();
      if (may) leave(go);
      return may;
    },
    mustWarn: () => !leaving && (saveError() !== null || isAllInMemory()),
  };
}
