/** Ending work from outside, where there is no `AbortController`: one is a `Stop` as well, and its signal a `StopSignal`. */
export interface StopSignal {
  readonly aborted: boolean;
  /** Calls the listener when it is aborted; not where it already was. */
  addEventListener(type: 'abort', listener: () => void): void;
}

export interface Stop {
  readonly signal: StopSignal;
  /** Repeated, it is without effect. */
  abort(): void;
}

export function createStop(): Stop {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      addEventListener: (_type, listener) => void listeners.add(listener),
    },
    abort() {
      if (aborted) return;
      aborted = true;
      for (const listener of listeners) listener();
    },
  };
}
