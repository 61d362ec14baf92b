import type { App } from '#app/app.ts';

const GATHER_MS = 100;
/** While changes go on, as they do when somebody types, the list follows at this pace: each time costs the typing a frame. */
const PACE_MS = 500;

/**
 * Calls `changed` with the ids of changed documents of a kind, null for many, gathered over a moment: a sync may bring thousands,
 * each with its own message. Gives the end of that.
 */
export function followChanges(
  app: Pick<App, 'onChange'>,
  watched: string,
  changed: (ids: readonly string[] | null) => void,
): () => void {
  let waiting: Set<string> | null = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let calledAt = Number.NEGATIVE_INFINITY;
  const unsubscribe = app.onChange((keys) => {
    if (keys === null) waiting = null;
    else for (const [kind, id] of keys) if (kind === watched) waiting?.add(id);
    if (waiting?.size === 0) return;
    timer ??= setTimeout(
      () => {
        timer = undefined;
        calledAt = performance.now();
        const ids = waiting && [...waiting];
        waiting = new Set();
        changed(ids);
      },
      Math.max(GATHER_MS, calledAt + PACE_MS - performance.now()),
    );
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
