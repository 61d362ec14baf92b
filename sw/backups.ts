/**
 * Backups that are due while no tab is open: the browser wakes us for them now and then, where the app is installed and it lets us
 * (`src/app/closed-backups.ts`). The same steps as in a tab, by the files that a service worker may write, under the lock that the tab with the schedule holds.
 */
import { type BackupNews, backupChannel, backupLeadLock, openLock } from '#core/channels.ts';
import { openChannel, webLocks } from '#platform/system.ts';
import { createBackupDrivers } from '#workers/backup-drivers.ts';
import { closeOpened, openOnce } from '#workers/backup-places.ts';
import { type AskKept, keptCalls } from '#workers/kept-calls.ts';
import { wakeEnd } from './wake.ts';

/** Does what is due in each of these workspaces. What there is no time for is begun by the next wake, or by a tab, where this one has stopped. */
export async function backUpWhatIsDue(workspaces: readonly string[]): Promise<void> {
  const end = wakeEnd(performance.now());
  for (const workspaceId of workspaces) {
    if (performance.now() >= end) return;
    // A tab that holds it does what is due by itself.
    const asLeader = () => webLocks.hold(backupLeadLock(workspaceId), () => backUp(workspaceId, end), { ifAvailable: true });
    await whileKept(workspaceId, asLeader).catch(() => {});
  }
}

/** Nobody deletes the workspace meanwhile, as under an open page. One that is just being deleted is left alone. */
async function whileKept(workspaceId: string, body: () => Promise<void>): Promise<void> {
  await navigator.locks.request(openLock(workspaceId), { mode: 'shared', ifAvailable: true }, (lock) =>
    lock ? body() : undefined,
  );
}

async function backUp(workspaceId: string, end: number): Promise<void> {
  const news = openChannel<BackupNews>(backupChannel(workspaceId));
  try {
    const active = await openOnce(workspaceId);
    // The last words of a tab that was closed are in its backup.
    await active.replayJournal();
    const isTime = (): boolean => performance.now() < end;
    const ask: AskKept = (call) => call(keptCalls);
    const announce = (): void => news.post({ type: 'backups' });
    await createBackupDrivers({ active, ask, announce, watchOf: () => isTime }).device.step();
  } finally {
    await closeOpened();
    news.close();
  }
}
