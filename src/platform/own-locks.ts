import type { Locks } from '#core/ports.ts';

/**
 * Locks of this context alone, for browsers that give none (plain http from another machine). Other tabs are not kept out, so
 * nothing may rest on them that other tabs could break: sync is off then. What is left is harmless without a lock, because
 * saves are merged and carry their own ids.
 */
export function createOwnLocks(): Locks {
  const held = new Map<string, Promise<unknown>>();
  return {
    async hold(name, body, { ifAvailable = false } = {}) {
      if (ifAvailable && held.has(name)) return undefined;
      const before = held.get(name);
      const run = (async () => {
        await before?.catch(() => {});
        return body();
      })();
      held.set(name, run);
      try {
        return await run;
      } finally {
        if (held.get(name) === run) held.delete(name);
      }
    },
  };
}
