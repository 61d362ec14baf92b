/** Deletes what the second copy holds: of one workspace, or of all. Called before the databases go, so that nothing comes back. */
import { COPY_CHANNEL, type CopyNews } from '#core/channels.ts';
import type { KvError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { openCopyDisks } from './disks.ts';

/** Whoever keeps a copy lets go of it when asked. */
const TRIES = 20;
const PAUSE_MS = 100;

/** `workspaceId` null: everything, the registry's copy too. */
export async function eraseCopy(workspaceId: string | null): Promise<Result<void, KvError>> {
  const channel = new BroadcastChannel(COPY_CHANNEL);
  channel.postMessage({ type: 'release', workspaceId } satisfies CopyNews);
  channel.close();
  for (let left = TRIES; ; left--) {
    try {
      for (const disk of await openCopyDisks()) {
        const folders = workspaceId === null ? await disk.folders() : [workspaceId];
        for (const folder of folders) await disk.removeFolder(folder);
      }
      return ok(undefined);
    } catch (error) {
      if (left === 0) return err({ type: 'StorageFailed', reason: `the second copy could not be deleted: ${error}` });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
