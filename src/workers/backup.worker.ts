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
import type { BackedUp } from '#backup/kept/kept-backups.ts';
import type { Manifest } from '#backup/kept/manifest.ts';
import { openBackup } from '#backup/kept/open-backup.ts';
import { ON_DEVICE, type PlaceSpec } from '#backup/kept/place-spec.ts';
import { bringFile } from '#backup/restore/bring-file.ts';
import type { BackupForm, BackupProgress, BackupWatch } from '#core/backups.ts';
import { drillLock } from '#core/channels.ts';
import { systemClock, webLocks } from '#platform/system.ts';
import { deleteScratch } from '#store/accounts/erase.ts';
import { createArchiveFile, removeArchives } from '#store/archive-file.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import { backedUpWorkspaces } from '#store/kv/backup-folder.ts';
import { tryRestore } from './backup-drill.ts';
import { fileStoreOf, tempFiles } from './backup-files.ts';
import { openFilled, openOnce, openOrMake, openPlace, pauses } from './backup-places.ts';
import { createRestores } from './backup-restores.ts';
import { watching } from './watching.ts';

const [app = ''] = Object.values(import.meta.glob<string>('/package.json', { eager: true, import: 'version' }));
/** How a call goes on, is ended by whoever watches it, and is told of. */
const runOf = (watch: BackupWatch | undefined) => ({ ...watching<BackupProgress>(watch), pause: pauses.pause });

/** The restores of a workspace. */
async function restoresOf(workspaceId: string, watch: BackupWatch | undefined) {
  const { place, kept } = await openFilled(workspaceId, ON_DEVICE);
  const { context } = await openOnce(workspaceId);
  const makeSafety = async (): Promise<unknown> => take(await api.backUp(workspaceId, 'safety', watch));
  return createRestores({ context, place, kept, makeSafety, run: runOf(watch) });
}

/** The pictures and files that are on this device. */
const filesOfDevice = async (workspaceId: string, signal: AbortSignal) =>
  (await fileStoreOf(await openOnce(workspaceId), signal)).files;

/** Writes a backup as one file, which is kept until the browser has copied it. */
async function writeFile(workspaceId: string, id: string, form: BackupForm, spec: PlaceSpec): Promise<Blob> {
  const { place, kept } = await openFilled(workspaceId, spec);
  await removeArchives(systemClock.now()).catch(() => {});
  const manifest = await kept.find(id);
  const archive = await createArchiveFile(`${id}.${form}`);
  try {
    const lines = openBackup(place, manifest).lines();
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

const openRows = async (workspaceId: string) => {
  const { row, kv } = await openOnce(workspaceId);
  return { row, rows: createRowReader(kv) };
};

/** What a backup of a workspace says of itself, and what it is read from. */
async function sourceOf(workspaceId: string): Promise<BackedUp> {
  const { row, rows } = await openRows(workspaceId);
  return { app, account: row.accountId, workspace: row.id, device: { id: row.deviceId, name: row.deviceName }, rows };
}

const api: BackupWorkerApi = {
  backUp: (workspaceId, reason, watch) =>
    caught(async () => {
      const source = await sourceOf(workspaceId);
      return (await openOrMake(workspaceId, ON_DEVICE)).kept.backUp(source, reason, runOf(watch));
    }),
  mirror: (workspaceId, spec) =>
    caught(async () => {
      const { kept, files } = await openOrMake(workspaceId, spec);
      if (!files) throw new Failure({ type: 'PlaceFailed', reason: 'it keeps no files' });
      const run = runOf(undefined);
      return kept.mirror(await sourceOf(workspaceId), { from: await filesOfDevice(workspaceId, run.signal), to: files }, run);
    }),
  list: (workspaceId, spec) =>
    caught(async () => {
      const found = await openPlace(workspaceId, spec, false);
      return found ? found.kept.list() : { backups: [], unreadable: [], bytes: 0 };
    }),
  verify: (workspaceId, id, spec, watch) =>
    caught(async () => {
      // What lies in the folder can be checked without the database that it came from.
      const rows = await caught(async () => (await openRows(workspaceId)).rows);
      return (await openFilled(workspaceId, spec)).kept.verify(id, rows.ok ? rows.value : null, runOf(watch));
    }),
  remove: (workspaceId, id, spec) => caught(async () => (await openFilled(workspaceId, spec)).kept.remove(id)),
  pin: (workspaceId, id, until, spec) => caught(async () => (await openFilled(workspaceId, spec)).kept.pin(id, until)),
  accept: (workspaceId, id) => caught(async () => (await openFilled(workspaceId, ON_DEVICE)).kept.accept(id)),
  download: (workspaceId, id, form, spec) => caught(() => writeFile(workspaceId, id, form, spec)),
  bring: (workspaceId, file, options, watch) =>
    caught(async () => {
      const { kept } = await openOrMake(workspaceId, ON_DEVICE);
      const run = runOf(watch);
      const keep = (bringing: Bringing) => kept.bring(bringing, run);
      const workspace = await openOnce(workspaceId);
      return bringFile(file, options, { ...run, keep, temp: tempFiles, ...(await fileStoreOf(workspace, run.signal)) });
    }),
  copy: (workspaceId, id, spec, watch) =>
    caught(async () => {
      const run = runOf(watch);
      const source = await openFilled(workspaceId, ON_DEVICE);
      const target = await openOrMake(workspaceId, spec);
      const files = target.files && { from: await filesOfDevice(workspaceId, run.signal), to: target.files };
      return target.kept.receive(await source.kept.find(id), { ...run, from: source.place, files });
    }),
  copyHere: (workspaceId, id, spec, about, watch) =>
    caught(async () => {
      const run = runOf(watch);
      const target = await openOrMake(workspaceId, ON_DEVICE);
      const here = (await target.kept.list()).backups.find((one) => one.id === id && one.damaged.length === 0);
      if (here) return here;
      const source = await openFilled(workspaceId, spec);
      const manifest: Manifest = { ...(await source.kept.find(id)), reason: 'safety', from: about };
      const files = source.files && { from: source.files, to: await filesOfDevice(workspaceId, run.signal) };
      return (await target.kept.receive(manifest, { ...run, from: source.place, files })).info;
    }),
  plan: (workspaceId, id, choice, watch) => caught(async () => (await restoresOf(workspaceId, watch)).plan(id, choice)),
  restore: (workspaceId, id, choice, watch) => caught(async () => (await restoresOf(workspaceId, watch)).restore(id, choice)),
  resume: (workspaceId, restoreId, watch) => caught(async () => (await restoresOf(workspaceId, watch)).resume(restoreId)),
  undo: (workspaceId, restoreId, watch) => caught(async () => (await restoresOf(workspaceId, watch)).undo(restoreId)),
  tryRestore: (workspaceId, id, watch) =>
    caught(async () => {
      const { context, kv } = await openOnce(workspaceId);
      const world = {
        ...(await openFilled(workspaceId, ON_DEVICE)),
        ...{ context, rows: createRowReader(kv), run: runOf(watch) },
        deleteScratch: async () => take(await deleteScratch(workspaceId)),
      };
      const tried = await webLocks.hold(drillLock(workspaceId), () => tryRestore(world, id));
      if (!tried) throw new Failure({ type: 'BackupStopped' });
      return tried;
    }),
  workspaces: () => caught(() => backedUpWorkspaces()),
};

expose(Object.freeze(api));
