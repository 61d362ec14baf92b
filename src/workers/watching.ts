/** The worker's side of a long call: it reports how far it is, and learns from the answer whether it is to go on. */
import { systemClock } from '#platform/system.ts';

/** A person sees no more of it than this: each message is work for the page. */
const NEWS_MS = 100;

export interface Watching<P> {
  /** Aborted when the answer to what was reported was false. */
  readonly signal: AbortSignal;
  tell(progress: P): void;
}

/** `watch` is asked some times a second, and at each new phase. Without it nothing is reported, and nothing ends the call. */
export function watching<P extends { readonly phase: string }>(watch: ((progress: P) => unknown) | undefined): Watching<P> {
  const stopping = new AbortController();
  let said = { at: Number.NEGATIVE_INFINITY, phase: '' };
  const ask = async (progress: P): Promise<void> => {
    if ((await watch?.(progress)) === false) stopping.abort();
  };
  return {
    signal: stopping.signal,
    tell(progress) {
      const now = systemClock.now();
      if (progress.phase === said.phase && Math.abs(now - said.at) < NEWS_MS) return;
      said = { at: now, phase: progress.phase };
      // A page that was closed answers no more: the call goes on.
      void ask(progress).catch(() => {});
    },
  };
}
