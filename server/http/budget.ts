/**
 * A budget of memory that requests share. Nobody waits for a part of it: who gets none is asked to come again, so that
 * nothing piles up behind a reader that never reads.
 */
export interface Budget {
  /** Takes `amount` for `owner`: its release, which may be called twice, or undefined where too much is taken. */
  take(owner: string, amount: number): (() => void) | undefined;
}

/**
 * @param max What all owners may have together. @param maxEach What one owner may have. An owner who has nothing gets
 * whatever it asks for while the whole budget has room: a single large thing must pass.
 */
export function createBudget(max: number, maxEach: number): Budget {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(owner, amount) {
      const own = taken.get(owner) ?? 0;
      if ((all > 0 && all + amount > max) || (own > 0 && own + amount > maxEach)) return undefined;
      all += amount;
      taken.set(owner, own + amount);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        all -= amount;
        const left = (taken.get(owner) ?? amount) - amount;
        if (left > 0) taken.set(owner, left);
        else taken.delete(owner);
      };
    },
  };
}
