import type { Locks } from '#core/ports.ts';

/** Work that one context of this browser does at a time, the next one when that is gone. Asked for while it runs, it runs once more. */
export function createTurn(locks: Locks, lock: string, run: () => Promise<void>): () => void {
  let isRunning = false;
  let again = false;
  return () => {
    again = true;
    if (isRunning) return;
    isRunning = true;
    const work = async (): Promise<void> => {
      while (again) {
        again = false;
        await run();
      }
    };
    void locks.hold(lock, work).finally(() => {
      isRunning = false;
    });
  };
}
