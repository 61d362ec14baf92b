/**
 * The root of the backup worker: it reads the workspace by itself and writes into the folder of its backups. The store worker of a tab has one for
 * each thing that is to be done, and ends it then.
 */
import { expose } from 'comlink';
import type { PlainSecret } from '#backup/format/secret-record.ts';
import type {
  BackupWorkerApi,
  DownloadedFile,
  DownloadPort,
  DownloadTarget,
  ExportedWorkspace,
  ExportPort,
} from '#backup/kept/backup-api.ts';
import { type BroughtSource, bringBackup } from '#backup/kept/bring-backup.ts';
import type { Bringing } from '#backup/kept/bring-records.ts';
import { caught, Failure, take } from '#backup/kept/failure.ts';
import { foldersWithBackups, specIn } from '#backup/kept/find-backups.ts';
import { createInTime } from '#backup/kept/in-time.ts';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import { listLost } from '#backup/kept/lost-backups.ts';
import { namedFiles } from '#backup/kept/manifest.ts';
import { openBackup, withoutParts } from '#backup/kept/open-backup.ts';
import { ON_DEVICE } from '#backup/kept/place-spec.ts';
import { bringFolder } from '#backup/markdown/bring-folder.ts';
import { createMemoryPlace } from '#backup/out/memory-place.ts';
import { openSecrets } from '#backup/out/open-secrets.ts';
import { bringFile } from '#backup/restore/bring-file.ts';
import { sealSecrets } from '#backup/restore/brought-secrets.ts';
import type { RowReader } from '#core/backup-rows.ts';
import type { BackupInfo, BackupWatch, BroughtFrom, FoundBackups } from '#core/backups.ts';
import type { BlobHash } from '#core/blobs.ts';
import { drillLock } from '#core/channels.ts';
import { ledger } from '#entities/index.ts';
import { openChannel, systemClock, webLocks } from '#platform/system.ts';
import { deleteScratch } from '#store/accounts/erase.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import { readBlobFile, removeBlobFiles } from '#store/blobs/opfs-place.ts';
import { backedUpWorkspaces, removeBackups } from '#store/kv/backup-folder.ts';
import { openRegistry } from '#store/workspace.ts';
import { writeDownload } from './backup-downloads.ts';
import { tryRestore } from './backup-drill.ts';
import { fileStoreOf, tempFiles } from './backup-files.ts';
import { type OpenPlace, openFilled, openOnce, openOrMake, openPlace, ports } from './backup-places.ts';
import { createRestores } from './backup-restores.ts';
import { openBoxKey } from './box-key.ts';
import { keepKeys } from './brought-keys.ts';
import { app, filesOfDevice, keptCalls, runOf, sourceOf } from './kept-calls.ts';
import { inTurn } from './restore-turn.ts';

/** The restores of a workspace. */
async function restoresOf(workspaceId: string, watch: BackupWatch | undefined) {
  const { place, kept } = await openFilled(workspaceId, ON_DEVICE);
  const { context } = await openOnce(workspaceId);
  const makeSafety = async (): Promise<unknown> => take(await keptCalls.backUp(workspaceId, 'safety', watch));
  return createRestores({ context, place, kept, makeSafety, boxKey: openBoxKey, run: runOf(watch) });
}

/**
 * For so long a backup stays that is read from beginning to end: the schedule goes on meanwhile, and removes what has had its time. A
 * download may fetch its files over a slow connection.
 */
const READ_MS = 24 * 3_600_000;

const keepWhileRead = ({ kept }: Pick<OpenPlace, 'kept'>, id: string): Promise<void> =>
  kept.keepWhileRead(id, systemClock.now() + READ_MS);

/** A file of a backup, which retention leaves alone meanwhile. */
async function download(
  { place, kept }: OpenPlace,
  id: string,
  choice: DownloadTarget,
  port: DownloadPort,
  workspaceId: string,
): Promise<DownloadedFile> {
  await keepWhileRead({ kept }, id);
  return writeKept({ place, kept }, id, choice, port, async () => (await sourceOf(workspaceId)).rows);
}

async function writeKept(
  { place, kept }: Pick<OpenPlace, 'place' | 'kept'>,
  id: string,
  choice: DownloadTarget,
  port: DownloadPort,
  rows: () => Promise<RowReader>,
): Promise<DownloadedFile> {
  const all = await kept.find(id);
  // Read whole first: the head of the file says how much is in it.
  const damaged = choice.acceptDamage ? await damagedParts(kept, id, rows, port) : new Set<string>();
  const manifest = withoutParts(all, damaged);
  const { lines } = openBackup(place, manifest);
  const secrets = async () => openSecrets(await rows(), openBoxKey);
  const lacking = (all.lacking ?? 0) + all.records - manifest.records;
  return writeDownload({ manifest, lines: () => lines(), lacking, secrets }, choice, port);
}

async function damagedParts(
  kept: OpenPlace['kept'],
  id: string,
  rows: () => Promise<RowReader>,
  { watch }: DownloadPort,
): Promise<ReadonlySet<string>> {
  // Without the database fewer of them have a name.
  const known = await caught(rows);
  const { damaged } = await kept.verify(id, known.ok ? known.value : null, runOf(watch));
  return new Set(damaged.map(({ hash }) => hash));
}

/** A file of what is there now, without a place for it: nothing stays in this browser, or it has no room. */
async function downloadRows(about: ExportedWorkspace, choice: DownloadTarget, port: ExportPort): Promise<DownloadedFile> {
  const place = createMemoryPlace();
  const kept = createKeptBackups({ ...ports, place, lock: `export-${about.workspace}`, ledger, offsetMinutes: 0 });
  const { id } = await kept.backUp({ app, ...about, rows: port }, 'asked', runOf(port.watch));
  return writeKept({ place, kept }, id, choice, port, async () => port);
}

/** A backup of another place becomes one of this device. */
async function receiveHere(
  workspaceId: string,
  id: string,
  source: BroughtSource,
  from: BroughtFrom,
  watch: BackupWatch | undefined,
): Promise<BackupInfo> {
  const run = runOf(watch);
  const { kept } = await openOrMake(workspaceId, ON_DEVICE);
  return bringBackup(id, source, from, {
    kept,
    run,
    nowMs: systemClock.now(),
    files: () => filesOfDevice(workspaceId, run.signal),
    rows: async () => (await sourceOf(workspaceId)).rows,
  });
}

/** Those with backups that nothing in this browser knows any more. */
async function lostWorkspaces(): Promise<readonly string[]> {
  const { registry } = take(await openRegistry({ ...ports, openChannel }));
  const known = take(await registry.list());
  return (await backedUpWorkspaces()).filter((workspaceId) => !known.some(({ id }) => id === workspaceId));
}

const api: BackupWorkerApi = {
  ...keptCalls,
  versions: (workspaceId, key) =>
    caught(async () => {
      const found = await openPlace(workspaceId, ON_DEVICE, false);
      return found ? found.kept.versions(key, runOf(undefined)) : { versions: [], hasMore: false };
    }),
  remove: (workspaceId, id, spec) =>
    caught(async () => {
      const { kept } = await openFilled(workspaceId, spec);
      // Backups outlive the database that knows of restores, and those need what is on this device.
      const restores = spec.type === 'device' ? await caught(() => restoresOf(workspaceId, undefined)) : null;
      if (restores?.ok) await restores.value.refuseInUse(id);
      await kept.remove(id);
    }),
  pin: (workspaceId, id, until, spec) => caught(async () => (await openFilled(workspaceId, spec)).kept.pin(id, until)),
  accept: (workspaceId, id) => caught(async () => (await openFilled(workspaceId, ON_DEVICE)).kept.accept(id)),
  download: (workspaceId, id, choice, spec, port) =>
    caught(async () => download(await openFilled(workspaceId, spec), id, choice, port, workspaceId)),
  downloadRows: (about, choice, port) => caught(() => downloadRows(about, choice, port)),
  files: (workspaceId, id, spec) =>
    caught(async () => {
      const { kept } = await openFilled(workspaceId, spec);
      return namedFiles(await kept.find(id)).map(({ hash }) => hash);
    }),
  bring: (workspaceId, file, options, watch) =>
    caught(async () => {
      const { kept } = await openOrMake(workspaceId, ON_DEVICE);
      const run = runOf(watch);
      const keep = (bringing: Bringing) => kept.bring(bringing, run);
      const workspace = await openOnce(workspaceId);
      const keepSecrets = async (backup: string, secrets: readonly PlainSecret[]): Promise<void> =>
        keepKeys(workspace, kept, backup, await sealSecrets(secrets, openBoxKey));
      const files = await fileStoreOf(workspace, run.signal);
      return bringFile(file, options, { ...run, ...files, keep, keepSecrets, temp: tempFiles });
    }),
  bringMarkdown: (workspaceId, name, from, { passphrase }, watch) =>
    caught(async () => {
      const { kept } = await openOrMake(workspaceId, ON_DEVICE);
      const run = runOf(watch);
      const workspace = await openOnce(workspaceId);
      const { rows, ...about } = await sourceOf(workspaceId);
      const files = await fileStoreOf(workspace, run.signal);
      const keep = (bringing: Bringing) => kept.bring(bringing, run);
      const world = { ...run, ...files, about, rows, keep, temp: tempFiles, nowMs: systemClock.now() };
      return bringFolder(name, from, world, passphrase);
    }),
  lookInto: (workspaceId, source) =>
    caught(async () => {
      const found: FoundBackups[] = [];
      for (const name of await createInTime(systemClock)(() => foldersWithBackups(source)))
        found.push({ name, list: await (await openFilled(workspaceId, specIn(source, name))).kept.list() });
      return found;
    }),
  copyHere: (workspaceId, id, spec, about, watch) =>
    caught(async () => {
      const source = await openFilled(workspaceId, spec, runOf(watch));
      return receiveHere(workspaceId, id, source, about, watch);
    }),
  lost: () =>
    caught(async () =>
      listLost(await lostWorkspaces(), async (workspaceId) => (await openFilled(workspaceId, ON_DEVICE)).kept.list()),
    ),
  removeLost: (lostId) =>
    caught(async () => {
      // One of them may be on its way back in another tab.
      await inTurn(lostId, undefined, async () => {
        if (!(await lostWorkspaces()).includes(lostId)) return;
        // Killed between the two, they are still listed, and can be removed again.
        await removeBlobFiles(lostId);
        await removeBackups(lostId);
      });
    }),
  bringLost: (workspaceId, lostId, id, watch) =>
    caught(() =>
      inTurn(lostId, watch, async () => {
        const source = await openFilled(lostId, ON_DEVICE);
        const { device } = await source.kept.find(id);
        const files = { read: (hash: BlobHash) => readBlobFile(lostId, hash) };
        return receiveHere(workspaceId, id, { ...source, files }, { type: 'browser', name: device.name }, watch);
      }),
    ),
  plan: (workspaceId, id, choice, query, watch) =>
    caught(async () => {
      await keepWhileRead(await openFilled(workspaceId, ON_DEVICE), id);
      return (await restoresOf(workspaceId, watch)).plan(id, choice, query);
    }),
  restore: (workspaceId, id, choice, watch) =>
    caught(async () => {
      await keepWhileRead(await openFilled(workspaceId, ON_DEVICE), id);
      return inTurn(workspaceId, watch, async () => (await restoresOf(workspaceId, watch)).restore(id, choice));
    }),
  resume: (workspaceId, restoreId, watch) =>
    caught(() => inTurn(workspaceId, watch, async () => (await restoresOf(workspaceId, watch)).resume(restoreId))),
  undo: (workspaceId, restoreId, watch) =>
    caught(() => inTurn(workspaceId, watch, async () => (await restoresOf(workspaceId, watch)).undo(restoreId))),
  tryRestore: (workspaceId, id, watch) =>
    caught(async () => {
      const { context, kv } = await openOnce(workspaceId);
      // The newest stays by itself.
      if (id !== null) await keepWhileRead(await openFilled(workspaceId, ON_DEVICE), id);
      const world = {
        ...(await openFilled(workspaceId, ON_DEVICE)),
        ...{ context, rows: createRowReader(kv), run: runOf(watch) },
        deleteScratch: async () => take(await deleteScratch(workspaceId)),
      };
      const tried = await webLocks.hold(drillLock(workspaceId), () => tryRestore(world, id));
      if (!tried) throw new Failure({ type: 'BackupStopped' });
      return tried;
    }),
};

expose(Object.freeze(api));
