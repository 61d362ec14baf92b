/** Web Locks of one device's origin: exclusive, first come, first served; what a dead context holds falls free. */
import type { Locks } from '#core/ports.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export interface DeviceLocks {
  /** The locks as one context sees them. */
  for(actor: Actor): Locks;
  isHeld(name: string): boolean;
}

interface Claim {
  readonly actor: Actor;
  readonly grant: () => void;
}

export function createDeviceLocks(scheduler: Scheduler): DeviceLocks {
  const holders = new Map<string, Claim>();
  const queues = new Map<string, Claim[]>();

  const next = (name: string): void => {
    const queue = queues.get(name) ?? [];
    let claim = queue.shift();
    while (claim && !claim.actor.alive()) claim = queue.shift();
    if (!claim) return;
    holders.set(name, claim);
    claim.grant();
  };

  const release = (name: string, claim: Claim): void => {
    if (holders.get(name) !== claim) return;
    holders.delete(name);
    next(name);
  };

  const acquire = (name: string, actor: Actor): Promise<Claim> =>
    new Promise((resolve) => {
      const claim: Claim = { actor, grant: () => resolve(claim) };
      actor.onKill(() => release(name, claim));
      if (holders.has(name)) {
        const queue = queues.get(name) ?? [];
        queue.push(claim);
        queues.set(name, queue);
      } else {
        holders.set(name, claim);
        claim.grant();
      }
    });

  return {
    isHeld: (name) => holders.has(name),
    for: (actor) => ({
      async hold(name, body, { ifAvailable = false } = {}) {
        await scheduler.gate(actor, `lock ${name}`);
        if (ifAvailable && holders.has(name)) return undefined;
        const claim = await acquire(name, actor);
        await scheduler.gate(actor, `locked ${name}`);
        try {
          return await body();
        } finally {
          // Never reached by a dead context: its promises do not acknowledge, and its death has released the lock.
          release(name, claim);
        }
      },
    }),
  };
}
