import { readFlag, writeFlag } from '#store/kv/flags.ts';
import { createSource, type Observable } from './observable.ts';

/** `persistent`: the browser will not evict it. `memory`: IndexedDB is refused, nothing stays. */
export type Durability = 'persistent' | 'best-effort' | 'memory';

export interface DurabilityWatch {
  readonly state: Observable<Durability>;
  /** Asks the browser to keep the storage, once, when there is something to keep. */
  onFirstSave(): void;
  /** Asks again: the person's own word. Gives whether it was granted. */
  ask(): Promise<boolean>;
}

/** `navigator.storage` can be undefined, and `persist` exists on the window only. */
export function watchDurability(memory: boolean): DurabilityWatch {
  const state = createSource<Durability>(memory ? 'memory' : 'best-effort');
  const note = (granted: boolean | undefined): boolean => {
    if (granted && !memory) state.set('persistent');
    return granted ?? false;
  };
  const ask = async (): Promise<boolean> => note(await navigator.storage?.persist?.().catch(() => false));
  void navigator.storage?.persisted?.().then(note, () => {});
  let asked = memory;
  return {
    state,
    onFirstSave() {
      if (asked) return;
      asked = true;
      void readFlag('persistAsked').then(async (before) => {
        if (before) return;
        await ask();
        await writeFlag('persistAsked', true);
      });
    },
    ask,
  };
}
