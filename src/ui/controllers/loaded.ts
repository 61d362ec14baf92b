import type { ReactiveControllerHost } from 'lit';
import type { Result } from '#core/result.ts';

/** What is read: nothing yet, or the last that could be read. */
export type LoadState<V, E> =
  | { readonly type: 'loading' }
  | { readonly type: 'failed'; readonly error: E }
  | { readonly type: 'ready'; readonly value: V };

export interface Loaded<V, E> {
  readonly state: LoadState<V, E>;
  /** Reads again; what was read before is shown until then. */
  readonly reload: () => Promise<void>;
  /** The same, and shows that it is on its way. */
  readonly again: () => void;
}

/** Reads where `reload` or `again` asks for it, with a new render each time. The newest reading wins. */
export function createLoader<V, E>(host: ReactiveControllerHost, read: () => Promise<Result<V, E>>): Loaded<V, E> {
  let state: LoadState<V, E> = { type: 'loading' };
  let turn = 0;
  let shown = 0;

  const reload = async (): Promise<void> => {
    const mine = ++turn;
    const result = await read();
    // One that takes longer than the pause before the next is of use all the same.
    if (mine < shown) return;
    shown = mine;
    state = result.ok ? { type: 'ready', value: result.value } : { type: 'failed', error: result.error };
    host.requestUpdate();
  };
  return {
    get state() {
      return state;
    },
    reload,
    again() {
      state = { type: 'loading' };
      host.requestUpdate();
      void reload();
    },
  };
}

/** Reads once when the element is first shown. */
export function loaded<V, E>(host: ReactiveControllerHost, read: () => Promise<Result<V, E>>): Loaded<V, E> {
  const loader = createLoader(host, read);
  let hasBegun = false;
  host.addController({
    hostUpdated() {
      if (hasBegun) return;
      hasBegun = true;
      void loader.reload();
    },
  });
  return loader;
}
