/** One restore at a time, over all tabs. */
import { goOnUnless } from '#backup/kept/write-backup.ts';
import type { BackupProgress, BackupWatch } from '#core/backups.ts';
import { restoreLock } from '#core/channels.ts';
import { systemClock, webLocks } from '#platform/system.ts';
import { watching } from './watching.ts';

/** Whoever waits looks so often whether it is its turn, and whether the person has ended the waiting. */
const LOOK_MS = 200;

/**
 * Does the work when no other restore of the workspace is under way: it finds what that one has come to. Until then `watch` is told that it
 * waits, and ends the waiting by its answer: then it throws `BackupStopped`.
 */
export async function inTurn<V>(workspaceId: string, watch: BackupWatch | undefined, work: () => Promise<V>): Promise<V> {
  const { signal, tell } = watching<BackupProgress>(watch);
  for (;;) {
    goOnUnless(signal);
    const held = async (): Promise<{ readonly value: V }> => ({ value: await work() });
    const done = await webLocks.hold(restoreLock(workspaceId), held, { ifAvailable: true });
    if (done) return done.value;
    tell({ phase: 'waiting', done: 0, total: null });
    await new Promise<void>((resolve) => void systemClock.setTimer(LOOK_MS, resolve));
  }
}
