/** The BroadcastChannel of one device: reaches every other context, in its own time, or not at all. */
import type { Channel } from '#core/ports.ts';
import type { Prng } from './prng.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export interface DeviceChannel<M> {
  for(actor: Actor): Channel<M>;
}

/** `loss` is the share of messages that never arrive: losing one must be harmless. */
export function createDeviceChannel<M>(scheduler: Scheduler, random: Prng, loss: number): DeviceChannel<M> {
  const listeners = new Map<Actor, Set<(message: M) => void>>();
  return {
    for: (actor) => ({
      post(message) {
        const copy = structuredClone(message);
        for (const [other, ears] of listeners) {
          if (other === actor || !other.alive() || random.chance(loss)) continue;
          scheduler.spawn(other, 'message', async () => {
            for (const listener of ears) listener(copy);
          });
        }
      },
      onMessage(listener) {
        const ears = listeners.get(actor) ?? new Set();
        if (!listeners.has(actor)) {
          listeners.set(actor, ears);
          actor.onKill(() => listeners.delete(actor));
        }
        ears.add(listener);
        return () => ears.delete(listener);
      },
    }),
  };
}
