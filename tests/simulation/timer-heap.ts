/** Timers in the order in which they are due; those of one moment in the order in which they were set. */
export interface TimerHeap<T> {
  /** The answer takes the timer out again. */
  push(at: number, value: T): () => void;
  pop(): { readonly at: number; readonly value: T } | undefined;
  nextAt(): number | null;
}

interface Entry<T> {
  readonly at: number;
  readonly order: number;
  readonly value: T;
  cancelled: boolean;
}

export function createTimerHeap<T>(): TimerHeap<T> {
  const heap: Entry<T>[] = [];
  let order = 0;

  const isBefore = (a: Entry<T>, b: Entry<T>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

  const swap = (i: number, j: number): void => {
    const entry = heap[i] as Entry<T>;
    heap[i] = heap[j] as Entry<T>;
    heap[j] = entry;
  };

  const sinkTop = (): void => {
    let at = 0;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isBefore(heap[child] as Entry<T>, heap[least] as Entry<T>)) least = child;
      }
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };

  const takeTop = (): Entry<T> | undefined => {
    const top = heap[0];
    const last = heap.pop();
    if (top !== undefined && last !== undefined && heap.length > 0) {
      heap[0] = last;
      sinkTop();
    }
    return top;
  };

  const dropCancelled = (): void => {
    while (heap[0]?.cancelled) takeTop();
  };

  return {
    push(at, value) {
      const entry: Entry<T> = { at, order: order++, value, cancelled: false };
      heap.push(entry);
      for (let child = heap.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1;
        if (!isBefore(heap[child] as Entry<T>, heap[parent] as Entry<T>)) break;
        swap(child, parent);
        child = parent;
      }
      return () => {
        entry.cancelled = true;
      };
    },
    pop() {
      dropCancelled();
      return takeTop();
    },
    nextAt() {
      dropCancelled();
      return heap[0]?.at ?? null;
    },
  };
}
