import type { ReactiveControllerHost } from 'lit';
import type { Observable } from '#app/observable.ts';

export interface Observer<T> {
  /** The present value; undefined while there is nothing to watch yet. */
  readonly value: T | undefined;
}

/** An element that is no longer in the page may render once more, and must not go on watching. */
export const isInPage = (host: ReactiveControllerHost): boolean => !('isConnected' in host && host.isConnected === false);

/**
 * Watches an observable on behalf of an element, and renders it again with each new value. `select` is asked before each
 * render, because an element gets its properties after its constructor; it may answer with another observable later.
 */
export function observe<T>(host: ReactiveControllerHost, select: () => Observable<T> | undefined): Observer<T> {
  let watched: Observable<T> | undefined;
  let unsubscribe: (() => void) | undefined;

  const stop = (): void => {
    unsubscribe?.();
    unsubscribe = undefined;
    watched = undefined;
  };

  const follow = (): void => {
    if (!isInPage(host)) return;
    const next = select();
    if (next === watched) return;
    stop();
    watched = next;
    let first = true;
    unsubscribe = next?.subscribe(() => {
      // The first call comes at once, inside an update: the value is read by the render that follows.
      if (!first) host.requestUpdate();
    });
    first = false;
  };

  host.addController({ hostConnected: () => host.requestUpdate(), hostUpdate: follow, hostDisconnected: stop });
  return {
    get value() {
      return watched?.value;
    },
  };
}
