/** Ends an answer in which nothing has come for long, or which the person has stopped. */
import type { Clock } from '#core/ports.ts';
import type { ChatError } from './chat-error.ts';

/** A large local model may load for minutes before its first word. */
export const STALL_MS = 5 * 60_000;

export interface StallWatch {
  readonly signal: AbortSignal;
  /** Something came. */
  alive(): void;
  end(): void;
}

/** `signal` fires where `stop` does, and where nothing was `alive` for `STALL_MS`. `end` lets go of both. */
export function createStallWatch(clock: Clock, stop: AbortSignal): StallWatch {
  const controller = new AbortController();
  const abort = (): void => controller.abort({ type: 'Stopped' } satisfies ChatError);
  if (stop.aborted) abort();
  stop.addEventListener('abort', abort);
  const start = (): (() => void) => clock.setTimer(STALL_MS, () => controller.abort({ type: 'Stalled' } satisfies ChatError));
  let cancel = start();
  return {
    signal: controller.signal,
    alive() {
      cancel();
      cancel = start();
    },
    end() {
      cancel();
      stop.removeEventListener('abort', abort);
    },
  };
}

/** Why such a signal has fired. */
export const reasonOf = (signal: AbortSignal): ChatError =>
  signal.reason?.type === 'Stopped' || signal.reason?.type === 'Stalled' ? signal.reason : { type: 'Stalled' };
