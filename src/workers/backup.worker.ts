/**
 * The root of the backup worker: it reads the workspace by itself and writes into the folder of its backups. The store worker of a tab has one for
 * each thing that is to be done, and ends it then.
 */
import { expose } from 'comlink';
import type { BackupWorkerApi } from '#backup/kept/backup-api.ts';
import { caught, Failure, take } from '#backup/kept/failure.ts';
import { createFolderPlace } from '#backup/kept/folder-place.ts';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import { backupLock } from '#core/channels.ts';
import { createStop } from '#core/stop.ts';
import { ledger } from '#entities/index.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import { backedUpWorkspaces, makeBackupFolder, openBackupFolder } from '#store/kv/backup-folder.ts';
import { openInPlace } from '#store/kv/opfs.ts';
import { openById } from '#store/open-by-id.ts';

const [app = ''] = Object.values(import.meta.glob<string>('/package.json', { eager: true, import: 'version' }));
const ports = { clock: systemClock, random: systemRandom, locks: webLocks };
/** Between two transactions, and between two parts: nobody is to wait for a backup. */
const PAUSE_MS = 4;
const run = {
  // Whoever has started this worker ends it.
  signal: createStop().signal,
  pause: () => new Promise<void>((resolve) => systemClock.setTimer(PAUSE_MS, resolve)),
};

const NOWHERE = new Failure({ type: 'PlaceFailed', reason: 'this browser keeps no files' });

function keptIn(workspaceId: string, folder: FileSystemDirectoryHandle) {
  const place = createFolderPlace(folder, { clock: systemClock, openInPlace });
  const lock = backupLock(workspaceId);
  return createKeptBackups({ ...ports, place, lock, ledger, offsetMinutes: new Date().getTimezoneOffset() });
}

/** The backups of a workspace, of which there are some. */
async function open(workspaceId: string) {
  const folder = await openBackupFolder(workspaceId);
  if (!folder) throw new Failure({ type: 'BackupMissing' });
  return keptIn(workspaceId, folder);
}

const openRows = async (workspaceId: string) => {
  const { row, kv } = take(await openById({ ...ports, openChannel }, workspaceId));
  return { row, rows: createRowReader(kv) };
};

const api: BackupWorkerApi = {
  backUp: (workspaceId, reason) =>
    caught(async () => {
      const { row, rows } = await openRows(workspaceId);
      const device = { id: row.deviceId, name: row.deviceName };
      const about = { app, account: row.accountId, workspace: row.id, device };
      const folder = await makeBackupFolder(workspaceId);
      if (!folder) throw NOWHERE;
      return keptIn(workspaceId, folder).backUp({ ...about, rows }, reason, run);
    }),
  list: (workspaceId) =>
    caught(async () => {
      const folder = await openBackupFolder(workspaceId);
      return folder ? keptIn(workspaceId, folder).list() : { backups: [], unreadable: [], bytes: 0 };
    }),
  verify: (workspaceId, id) =>
    caught(async () => {
      // What lies in the folder can be checked without the database that it came from.
      const rows = await caught(async () => (await openRows(workspaceId)).rows);
      return (await open(workspaceId)).verify(id, rows.ok ? rows.value : null, run);
    }),
  remove: (workspaceId, id) => caught(async () => (await open(workspaceId)).remove(id)),
  pin: (workspaceId, id, until) => caught(async () => (await open(workspaceId)).pin(id, until)),
  accept: (workspaceId, id) => caught(async () => (await open(workspaceId)).accept(id)),
  workspaces: () => caught(() => backedUpWorkspaces()),
};

expose(Object.freeze(api));
