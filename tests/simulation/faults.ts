/** Faults that lie ahead of what somebody does: each spares the first `skip` times, and strikes the next `times`. One after the other. */
export interface Fault {
  readonly skip: number;
  readonly times: number;
}

export interface Faults<F extends Fault> {
  add(fault: F): void;
  /** The fault that strikes now, if one does. */
  strike(): F | null;
  clear(): void;
}

export function createFaults<F extends Fault>(): Faults<F> {
  let ahead: { readonly fault: F; skip: number; times: number }[] = [];
  return {
    add: (fault) => void ahead.push({ fault, skip: fault.skip, times: fault.times }),
    strike() {
      const [next] = ahead;
      if (!next) return null;
      if (next.skip > 0) {
        next.skip -= 1;
        return null;
      }
      next.times -= 1;
      if (next.times <= 0) ahead = ahead.slice(1);
      return next.fault;
    },
    clear() {
      ahead = [];
    },
  };
}
