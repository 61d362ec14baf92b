/**
 * The root of the backup worker: it reads the workspace by itself and writes into the folder of its backups. The store worker of a tab has one for
 * each thing that is to be done, and ends it then.
 */
import { expose } from 'comlink';
import { type BackupHead, FORMAT, FORMAT_VERSION } from '#backup/format/head.ts';
import { jsonForm } from '#backup/format/json-form.ts';
import { writeDocument } from '#backup/format/write-document.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import type { BackupWorkerApi } from '#backup/kept/backup-api.ts';
import type { Bringing } from '#backup/kept/bring-records.ts';
import { caught, Failure, take } from '#backup/kept/failure.ts';
import { createFolderPlace } from '#backup/kept/folder-place.ts';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import type { Manifest } from '#backup/kept/manifest.ts';
import { openBackup } from '#backup/kept/open-backup.ts';
import { bringFile } from '#backup/restore/bring-file.ts';
import type { BackupForm, BackupProgress, BackupWatch } from '#core/backups.ts';
import { backupLock } from '#core/channels.ts';
import { ledger } from '#entities/index.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { createArchiveFile, removeArchives } from '#store/archive-file.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import { backedUpWorkspaces, makeBackupFolder, openBackupFolder } from '#store/kv/backup-folder.ts';
import { openInPlace } from '#store/kv/opfs.ts';
import { openById } from '#store/open-by-id.ts';
import { fileStoreOf, tempFiles } from './backup-files.ts';
import { createRestores } from './backup-restores.ts';
import { watching } from './watching.ts';

const [app = ''] = Object.values(import.meta.glob<string>('/package.json', { eager: true, import: 'version' }));
const ports = { clock: systemClock, random: systemRandom, locks: webLocks };
/** Between two transactions, and between two parts: nobody is to wait for a backup. */
const PAUSE_MS = 4;
const pause = () => new Promise<void>((resolve) => systemClock.setTimer(PAUSE_MS, resolve));
/** How a call goes on, is ended by whoever watches it, and is told of. */
const runOf = (watch: BackupWatch | undefined) => ({ ...watching<BackupProgress>(watch), pause });

const NOWHERE = new Failure({ type: 'PlaceFailed', reason: 'this browser keeps no files' });

const placeOf = (folder: FileSystemDirectoryHandle) => createFolderPlace(folder, { clock: systemClock, openInPlace });

function keptIn(workspaceId: string, folder: FileSystemDirectoryHandle) {
  const place = placeOf(folder);
  const lock = backupLock(workspaceId);
  return createKeptBackups({ ...ports, place, lock, ledger, offsetMinutes: new Date().getTimezoneOffset() });
}

/** The restores of a workspace. */
async function restoresOf(workspaceId: string, watch: BackupWatch | undefined) {
  const folder = await openBackupFolder(workspaceId);
  if (!folder) throw new Failure({ type: 'BackupMissing' });
  const { context } = take(await openById({ ...ports, openChannel }, workspaceId));
  const makeSafety = async (): Promise<unknown> => take(await api.backUp(workspaceId, 'safety', watch));
  return createRestores({ context, place: placeOf(folder), kept: keptIn(workspaceId, folder), makeSafety, run: runOf(watch) });
}

/** Writes a backup as one file, which is kept until the browser has copied it. */
async function writeFile(workspaceId: string, id: string, form: BackupForm): Promise<Blob> {
  const folder = await openBackupFolder(workspaceId);
  if (!folder) throw new Failure({ type: 'BackupMissing' });
  await removeArchives(systemClock.now()).catch(() => {});
  const manifest = await keptIn(workspaceId, folder).find(id);
  const archive = await createArchiveFile(`${id}.${form}`);
  try {
    const lines = openBackup(placeOf(folder), manifest).lines();
    await writeDocument(forms[form], headOf(manifest), lines, archive.sink);
    return await archive.finish();
  } catch (error) {
    await archive.discard();
    throw error;
  }
}

const forms = { json: jsonForm, yaml: yamlForm };

const headOf = ({ app: by, account, workspace, device, madeAt, localSeq, counts }: Manifest): BackupHead => ({
  format: FORMAT,
  version: FORMAT_VERSION,
  app: by,
  account,
  workspace,
  device,
  madeAt: new Date(madeAt).toISOString(),
  localSeq,
  counts,
  secrets: false,
  files: 0,
});

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
  backUp: (workspaceId, reason, watch) =>
    caught(async () => {
      const { row, rows } = await openRows(workspaceId);
      const device = { id: row.deviceId, name: row.deviceName };
      const about = { app, account: row.accountId, workspace: row.id, device };
      const folder = await makeBackupFolder(workspaceId);
      if (!folder) throw NOWHERE;
      return keptIn(workspaceId, folder).backUp({ ...about, rows }, reason, runOf(watch));
    }),
  list: (workspaceId) =>
    caught(async () => {
      const folder = await openBackupFolder(workspaceId);
      return folder ? keptIn(workspaceId, folder).list() : { backups: [], unreadable: [], bytes: 0 };
    }),
  verify: (workspaceId, id, watch) =>
    caught(async () => {
      // What lies in the folder can be checked without the database that it came from.
      const rows = await caught(async () => (await openRows(workspaceId)).rows);
      return (await open(workspaceId)).verify(id, rows.ok ? rows.value : null, runOf(watch));
    }),
  remove: (workspaceId, id) => caught(async () => (await open(workspaceId)).remove(id)),
  pin: (workspaceId, id, until) => caught(async () => (await open(workspaceId)).pin(id, until)),
  accept: (workspaceId, id) => caught(async () => (await open(workspaceId)).accept(id)),
  download: (workspaceId, id, form) => caught(() => writeFile(workspaceId, id, form)),
  bring: (workspaceId, file, options, watch) =>
    caught(async () => {
      const folder = await makeBackupFolder(workspaceId);
      if (!folder) throw NOWHERE;
      const run = runOf(watch);
      const keep = (bringing: Bringing) => keptIn(workspaceId, folder).bring(bringing, run);
      const workspace = take(await openById({ ...ports, openChannel }, workspaceId));
      return bringFile(file, options, { ...run, keep, temp: tempFiles, ...(await fileStoreOf(workspace, run.signal)) });
    }),
  plan: (workspaceId, id, choice, watch) => caught(async () => (await restoresOf(workspaceId, watch)).plan(id, choice)),
  restore: (workspaceId, id, choice, watch) => caught(async () => (await restoresOf(workspaceId, watch)).restore(id, choice)),
  resume: (workspaceId, restoreId, watch) => caught(async () => (await restoresOf(workspaceId, watch)).resume(restoreId)),
  undo: (workspaceId, restoreId, watch) => caught(async () => (await restoresOf(workspaceId, watch)).undo(restoreId)),
  workspaces: () => caught(() => backedUpWorkspaces()),
};

expose(Object.freeze(api));
