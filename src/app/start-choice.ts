/** A start without anything in a browser in which there was work before: nothing is sent until the person has said how to go on. */
import type { StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { Observable } from './observable.ts';

export interface StartChoice {
  /** The person has yet to say. */
  readonly isUndecided: Observable<boolean>;
  /** The person goes on with what is here: from now on this device syncs. */
  decide(): Promise<Result<void, StoreError>>;
}

/** That words were kept in this browser: in a storage that often outlives the databases. */
const KEY = 'holdfast-was-used';

export function wasUsed(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

let isNoted = false;

/** Called with every save, and writes with the first: `localStorage` makes the page wait. */
export function noteUse(): void {
  if (isNoted) return;
  isNoted = true;
  try {
    localStorage.setItem(KEY, 'yes');
  } catch {
    // Switched off: then nobody is reminded.
  }
}
