/** The backups of this browser, for panels: what the store worker does with them, and when there is something new. */

import { type BackupNews, backupChannel } from '#core/channels.ts';
import { openChannel } from '#platform/system.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { BackupPart } from '#store/calls/worker-api.ts';

export interface Backups extends BackupPart {
  /** Called when backups or restores have changed, here or in another tab. */
  onNews(listener: () => void): () => void;
}

export function createBackups(client: StoreClient, workspaceId: string): Backups {
  const news = openChannel<BackupNews>(backupChannel(workspaceId));
  return {
    backUpNow: (reason) => client.backUpNow(reason),
    backups: (of) => client.backups(of),
    verifyBackup: (id, of) => client.verifyBackup(id, of),
    removeBackup: (id, of) => client.removeBackup(id, of),
    pinBackup: (id, until, of) => client.pinBackup(id, until, of),
    acceptBackup: (id) => client.acceptBackup(id),
    downloadBackup: (id, form, of) => client.downloadBackup(id, form, of),
    planRestore: (id, choice) => client.planRestore(id, choice),
    restoreBackup: (id, choice) => client.restoreBackup(id, choice),
    resumeRestore: (id) => client.resumeRestore(id),
    undoRestore: (id) => client.undoRestore(id),
    restores: () => client.restores(),
    backupSchedule: () => client.backupSchedule(),
    backedUpWorkspaces: () => client.backedUpWorkspaces(),
    onNews: (listener) => news.onMessage(listener),
  };
}
