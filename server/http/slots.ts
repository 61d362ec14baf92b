/**
 * Few large things at a time: a request of 100 MB costs several times that in memory, so what is large takes a slot
 * first. Nobody waits for one: who gets none is asked to come again.
 */
export interface Slots {
  /** Takes a slot for `owner`: its release, which may be called twice, or undefined where all are taken. */
  take(owner: string): (() => void) | undefined;
}

/** @param most Slots in all. @param mostEach Slots that one owner may have. */
export function createSlots(most: number, mostEach: number): Slots {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(owner) {
      const own = taken.get(owner) ?? 0;
      if (all >= most || own >= mostEach) return undefined;
      all += 1;
      taken.set(owner, own + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        all -= 1;
        const left = (taken.get(owner) ?? 1) - 1;
        if (left > 0) taken.set(owner, left);
        else taken.delete(owner);
      };
    },
  };
}
