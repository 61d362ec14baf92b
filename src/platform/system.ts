/** The ports of core over what every browser context has: time, chance, locks, channels. */
import type { Channel, Clock, Locks, Random } from '#core/ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(ms, fire) {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fraction: () => Math.random(),
};

/** Web Locks. The browser releases a lock when its holder's context ends, however it ends. */
export const webLocks: Locks = {
  async hold(name, body, { ifAvailable = false } = {}) {
    return await navigator.locks.request(name, { ifAvailable }, async (lock) => (lock ? await body() : undefined));
  },
};

/** A broadcast channel of this origin. */
export function openChannel<M>(name: string): Channel<M> & { close(): void } {
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    onMessage(listener) {
      const heard = (event: MessageEvent<M>) => listener(event.data);
      channel.addEventListener('message', heard);
      return () => channel.removeEventListener('message', heard);
    },
    close: () => channel.close(),
  };
}
