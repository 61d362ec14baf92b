/** The ports of core over what every browser context has: time, chance, locks, channels. */
import type { Channel, Locks, Random, SteadyClock } from '#core/ports.ts';
import { createOwnLocks } from './own-locks.ts';

/** The longest that a browser's timer can wait (about 24.8 days); a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: SteadyClock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  setTimer(ms, fire) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (leftMs: number): void => {
      const now = Math.min(leftMs, LONGEST_TIMER_MS);
      timer = setTimeout(() => (leftMs > now ? wait(leftMs - now) : fire()), now);
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fraction: () => Math.random(),
};

/** Whether this context has Web Locks. Browsers give them to secure contexts only: https, and localhost. */
export const hasLocks = (): boolean => 'locks' in navigator;

const ownLocks = createOwnLocks();

/** Web Locks, and locks of this context alone where there are none. The browser releases a lock when its holder's context ends, however it ends. */
export const webLocks: Locks = {
  async hold(name, body, { ifAvailable = false } = {}) {
    if (!hasLocks()) return ownLocks.hold(name, body, { ifAvailable });
    return await navigator.locks.request(name, { ifAvailable }, async (lock) => (lock ? await body() : undefined));
  },
};

/** Whether anybody in this browser holds that lock. */
export async function isHeld(name: string): Promise<boolean> {
  if (!hasLocks()) return (await ownLocks.hold(name, async () => true, { ifAvailable: true })) === undefined;
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === name);
}

/** A broadcast channel of this origin. */
export function openChannel<M>(name: string): Channel<M> & { close(): void } {
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    onMessage(listener) {
      const onMessage = (event: MessageEvent<M>) => listener(event.data);
      channel.addEventListener('message', onMessage);
      return () => channel.removeEventListener('message', onMessage);
    },
    close: () => channel.close(),
  };
}
