/** Keeps the second copy of a tab's workspace: of the registry in every tab, of what is unsent in one of them at a time. */
import { COPY_CHANNEL, type CopyNews, copyLock, type SyncNews, workspaceChannel } from '#core/channels.ts';
import type { Kv } from '#core/ports.ts';
import type { Registry } from '#store/registry.ts';
import type { WorkspaceTables } from '#store/schema.ts';
import type { StoreChange } from '#store/store.ts';
import type { WorldPorts } from '#store/workspace.ts';
import type { CopyDisk } from './disk.ts';
import { openCopyDisks } from './disks.ts';
import { createFollower, type Follower } from './follower.ts';
import { type CopyLog, openLog } from './log.ts';
import { copyRegistry } from './registry-copy.ts';

/** The context that had the log before may still be ending. */
const OPEN_TRIES = 20;
const OPEN_PAUSE_MS = 250;

export interface KeptCopy {
  /** The registry has changed. */
  onRegistry(): void;
  /** Writes at once what waits to be written: the tab may be about to close. */
  flush(): Promise<void>;
  stop(): void;
}

export interface KeepCopyOptions {
  readonly ports: WorldPorts;
  readonly registry: Registry;
  readonly workspaceId: string;
  readonly kv: Kv<WorkspaceTables>;
}

/** Begins to keep the copy. Where the browser has no store for it, nothing is kept and nothing fails. */
export async function keepCopy({ ports, registry, workspaceId, kv }: KeepCopyOptions): Promise<KeptCopy> {
  const { clock, locks, openChannel } = ports;
  const disks = await openCopyDisks();
  const [disk] = disks;
  const news = openChannel<CopyNews>(COPY_CHANNEL);
  const changes = openChannel<StoreChange | SyncNews>(workspaceChannel(workspaceId));
  const ended = Promise.withResolvers<void>();
  let follower: Follower | null = null;
  let stopped = false;

  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    follower?.stop();
    news.close();
    changes.close();
    ended.resolve();
  };
  news.onMessage((message) => {
    if (message.workspaceId === null || message.workspaceId === workspaceId) stop();
  });

  const readRegistry = async () => {
    const state = await registry.state();
    if (stopped || !state.ok || state.value.activeId === null) return null;
    return { workspaces: state.value.rows, activeId: state.value.activeId };
  };
  const onRegistry = (): void => void copyRegistry(disks, locks, clock, readRegistry).catch(() => {});

  const follow = async (log: CopyLog): Promise<void> => {
    if (!stopped) follower = createFollower({ kv, log, clock, channel: changes, onFailure: () => ended.resolve() });
    await ended.promise;
    follower?.stop();
    log.close();
  };
  onRegistry();
  if (disk)
    void locks
      .hold(copyLock(workspaceId), async () => {
        const log = stopped ? null : await openPatiently(disk, workspaceId, ports);
        if (log) await follow(log);
      })
      .catch(() => {});
  return { onRegistry, flush: async () => follower?.flush(), stop };
}

/** Null where another context keeps the log open: this tab then keeps no copy, and the next one tries again. */
async function openPatiently(disk: CopyDisk, folder: string, { clock }: WorldPorts): Promise<CopyLog | null> {
  for (let left = OPEN_TRIES; left > 0; left--) {
    const log = await openLog(disk, folder).catch(() => null);
    if (log) return log;
    await new Promise<void>((resolve) => clock.setTimer(OPEN_PAUSE_MS, resolve));
  }
  return null;
}
