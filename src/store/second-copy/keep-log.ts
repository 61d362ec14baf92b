import { copyLock } from '#core/channels.ts';
import type { Clock, Locks } from '#core/ports.ts';
import type { CopyDisk } from './disk.ts';
import { createFollower, type Follower, type FollowerPorts } from './follower.ts';
import { type CopyLog, openLog } from './log.ts';

/** The context that had the log before may still be ending. */
const OPEN_TRIES = 20;
const OPEN_PAUSE_MS = 250;

export interface KeepLogOptions extends Pick<FollowerPorts, 'kv' | 'channel'> {
  readonly disk: CopyDisk;
  readonly workspaceId: string;
  readonly locks: Locks;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly onFollower?: (follower: Follower) => void;
  /** Settles when no copy is to be kept any more. */
  readonly ended: Promise<void>;
}

/** Keeps the log of what is unsent in a workspace, after whoever keeps it now. Resolves when that has ended. */
export async function keepLog(options: KeepLogOptions): Promise<void> {
  const { disk, workspaceId, locks, clock, onFollower, ended } = options;
  await locks.hold(copyLock(workspaceId), async () => {
    const log = await openPatiently(disk, workspaceId, clock);
    if (!log) return;
    const failed = Promise.withResolvers<void>();
    const follower = createFollower({ ...options, log, onFailure: () => failed.resolve() });
    onFollower?.(follower);
    await Promise.race([ended, failed.promise]);
    follower.stop();
    log.close();
  });
}

/** Null where another context keeps the log open: this one then keeps no copy, and the next one tries again. */
async function openPatiently(disk: CopyDisk, folder: string, clock: Pick<Clock, 'setTimer'>): Promise<CopyLog | null> {
  for (let left = OPEN_TRIES; left > 0; left--) {
    const log = await openLog(disk, folder).catch(() => null);
    if (log) return log;
    await new Promise<void>((resolve) => clock.setTimer(OPEN_PAUSE_MS, resolve));
  }
  return null;
}
