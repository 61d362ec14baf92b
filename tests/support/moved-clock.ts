import type { Clock } from '#core/ports.ts';

/** A clock that only a test moves: `pass` lets so much time pass, timer after timer. */
export function createMovedClock(startMs = 1_790_000_000_000) {
  let nowMs = startMs;
  let timers: { readonly at: number; readonly fire: () => void }[] = [];
  const clock: Clock = {
    now: () => nowMs,
    setTimer(ms, fire) {
      const timer = { at: nowMs + ms, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  };
  const pass = async (ms: number): Promise<void> => {
    const end = nowMs + ms;
    for (;;) {
      for (let turn = 0; turn < 20; turn++) await null;
      const next = timers.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      timers = timers.filter((one) => one !== next);
      nowMs = Math.max(nowMs, next.at);
      next.fire();
    }
    nowMs = end;
  };
  /** As when the person sets the clock of the machine: no timer fires. */
  const set = (ms: number): void => {
    nowMs = ms;
  };
  return { clock, pass, set };
}
