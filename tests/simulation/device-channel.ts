/** The BroadcastChannel of one device: reaches every other context, in its own time, or not at all. */
import type { Channel } from '#core/ports.ts';
import type { Prng } from './prng.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export interface DeviceChannel<M> {
  /** With `isSure` every message reaches this context, late perhaps. */
  for(actor: Actor, isSure?: boolean): Channel<M>;
}

/** `loss` is the share of messages that never arrive: losing one must be harmless. */
export function createDeviceChannel<M>(scheduler: Scheduler, random: Prng, loss: number): DeviceChannel<M> {
  const sure = new Set<Actor>();
  const listeners = new Map<Actor, Set<(message: M) => void>>();
  return {
    for: (actor, isSure = false) => ({
      post(message) {
        const copy = structuredClone(message);
        for (const [other, ears] of listeners) {
          if (other === actor || !other.alive() || (!sure.has(other) && random.chance(loss))) continue;
          scheduler.spawn(other, 'message', async () => {
            for (const listener of ears) listener(copy);
          });
        }
      },
      onMessage(listener) {
        const ears = listeners.get(actor) ?? new Set();
        if (!listeners.has(actor)) {
          listeners.set(actor, ears);
          if (isSure) sure.add(actor);
          actor.onKill(() => listeners.delete(actor));
        }
        ears.add(listener);
        return () => ears.delete(listener);
      },
    }),
  };
}
