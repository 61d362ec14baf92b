/** Keeps the second copy of a tab's workspace: of the registry in every tab, of what is unsent in one of them at a time. */
import { COPY_CHANNEL, type CopyNews, type SyncNews, workspaceChannel } from '#core/channels.ts';
import type { Kv } from '#core/ports.ts';
import type { Registry } from '#store/accounts/registry.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import type { StoreChange } from '#store/store.ts';
import type { WorldPorts } from '#store/workspace.ts';
import { openCopyDisks } from './disks.ts';
import type { Follower } from './follower.ts';
import { keepLog } from './keep-log.ts';
import { copyRegistry } from './registry-copy.ts';

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

  onRegistry();
  const onFollower = (started: Follower): void => {
    follower = started;
  };
  if (disk)
    void keepLog({ disk, workspaceId, kv, locks, clock, channel: changes, onFollower, ended: ended.promise }).catch(() => {});
  return { onRegistry, flush: async () => follower?.flush(), stop };
}
