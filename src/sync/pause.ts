import type { Clock } from '#core/ports.ts';
import type { StopSignal } from '#core/stop.ts';

/** Waits for so many ms, or until it is stopped. */
export const pause = ({ setTimer }: Pick<Clock, 'setTimer'>, ms: number, signal?: StopSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const cancel = setTimer(ms, resolve);
    signal?.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });
