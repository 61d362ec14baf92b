/** One thing at a time for each name, within this process. */
export interface Turns {
  /**
   * Runs `body` once whatever runs under this name has ended. With `takeOver` that is asked to end: its signal fires. A device
   * whose connection broke comes again before this server notices, and must not wait a minute for itself.
   */
  run<T>(name: string, takeOver: boolean, body: (signal: AbortSignal) => Promise<T>): Promise<T>;
  isBusy(name: string): boolean;
}

export function createTurns(): Turns {
  const last = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  return {
    isBusy: (name) => last.has(name),
    async run(name, takeOver, body) {
      const before = last.get(name);
      if (takeOver) before?.abort.abort();
      const abort = new AbortController();
      let end = (): void => undefined;
      const done = new Promise<void>((resolve) => {
        end = resolve;
      });
      const own = { abort, done };
      last.set(name, own);
      try {
        await before?.done;
        return await body(abort.signal);
      } finally {
        end();
        if (last.get(name) === own) last.delete(name);
      }
    },
  };
}
