/**
 * Sends what was typed as soon as the person leaves the field: the pace of five seconds is for whoever is still typing.
 * Nothing is asked of the store where nothing was typed.
 */
import type { StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { SaveState } from './app.ts';
import type { Observable } from './observable.ts';

export interface SendOnBlurOptions {
  /** Listens to `focusout` of every field of the page. */
  readonly page: Pick<EventTarget, 'addEventListener'>;
  readonly saveState: Observable<SaveState>;
  /** Commits what is typed. */
  readonly flush: () => Promise<void>;
  /** Lets paced changes go. Gives how many there were. */
  readonly release: () => Promise<Result<number, StoreError>>;
  readonly drain: () => void;
}

export function sendOnBlur({ page, saveState, flush, release, drain }: SendOnBlurOptions): void {
  let isTyped = false;
  saveState.subscribe(({ type }) => {
    if (type === 'dirty' || type === 'saving') isTyped = true;
  });
  const send = async (): Promise<void> => {
    // What a field hands over in its own handler of the event arrives in a microtask.
    await null;
    if (!isTyped) return;
    await flush();
    isTyped = false;
    const released = await release();
    if (released.ok && released.value > 0) drain();
  };
  page.addEventListener('focusout', () => void send());
}
