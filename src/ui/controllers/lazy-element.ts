import type { ReactiveControllerHost } from 'lit';

export type LazyState = 'waiting' | 'loading' | 'ready' | 'failed';

export interface LazyElement {
  readonly state: LazyState;
  /** Starts loading, or tries again after a failure. Safe to call in each render. */
  load(): void;
  retry(): void;
}

/** Loads the code of an element when it is first wanted, and renders the host again when it is there or could not come. */
export function lazyElement(host: ReactiveControllerHost, importCode: () => Promise<unknown>): LazyElement {
  let state: LazyState = 'waiting';
  const run = async (): Promise<void> => {
    state = 'loading';
    try {
      await importCode();
      state = 'ready';
    } catch {
      state = 'failed';
    }
    host.requestUpdate();
  };
  return {
    get state() {
      return state;
    },
    load() {
      if (state === 'waiting') void run();
    },
    retry() {
      if (state === 'failed') void run();
    },
  };
}
