/**
 * One wake of the courier: some tries within the event, because the first often comes before the network that woke us is
 * of use, and because the browser waits five minutes after an event that has failed.
 */

/** The pauses before further tries; the last is repeated. */
const PAUSES_MS: readonly number[] = [1000, 3000, 10_000, 30_000];
/** While a page is open, which tries by itself, it is only looked at whether the page has gone. */
const LOOK_MS = 5000;
/** Chromium ends a sync event after three minutes. The last try needs some of them. */
const WAKE_MS = 150_000;

/** Until when an event that begins now may take, both in steady time. */
export const wakeEnd = (nowMs: number): number => nowMs + WAKE_MS;

export interface WakePorts<O> {
  /** Delivers once. */
  readonly deliver: () => Promise<O>;
  /** Whether another try may end better. */
  readonly mayPass: (outcome: O) => boolean;
  readonly hasPages: () => Promise<boolean>;
  /** While a page is open: whether there is anything left to wait for. */
  readonly isWaiting: () => Promise<boolean>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Steady time in ms. */
  readonly now: () => number;
}

/** Tries again after `first` until `end`. Gives how the last try ended. */
export async function tryAgain<O>(ports: WakePorts<O>, first: O, end: number = wakeEnd(ports.now())): Promise<O> {
  const { deliver, mayPass, hasPages, isWaiting, sleep, now } = ports;
  let outcome = first;
  for (let tries = 0; mayPass(outcome); ) {
    const isAlone = !(await hasPages());
    if (!isAlone && !(await isWaiting())) break;
    const pause = isAlone ? (PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0) : LOOK_MS;
    if (now() + pause > end) break;
    await sleep(pause);
    if (!isAlone) continue;
    tries += 1;
    outcome = await deliver();
  }
  return outcome;
}
