/** The backups of this browser, for panels: what the store worker does with them, and when there is something new. */
import { type BackupNews, backupChannel } from '#core/channels.ts';
import { openChannel } from '#platform/system.ts';
import type { BackupPart } from '#store/calls/worker-api.ts';

export interface Backups extends BackupPart {
  /** Called when backups or restores have changed, here or in another tab. Gives the way to end that. */
  onNews(listener: () => void): () => void;
}

export const createBackups = (calls: BackupPart, workspaceId: string): Backups => ({
  ...calls,
  onNews(listener) {
    const news = openChannel<BackupNews>(backupChannel(workspaceId));
    const stop = news.onMessage(listener);
    return () => {
      stop();
      news.close();
    };
  },
});
