/** Backups as files: the calls of a page. The worker that writes them asks this one for pictures and files, which may have to be fetched first. */
import { proxy } from 'comlink';
import type { DownloadPort, DownloadTarget } from '#backup/kept/backup-api.ts';
import type { PlaceSpec } from '#backup/kept/place-spec.ts';
import type { BackupInfo, BackupProgress, BackupWatch } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import type { PartSources } from '#store/calls/store-calls.ts';
import type { BackupPart } from '#store/calls/worker-api.ts';
import type { ActiveWorkspace } from '#store/calls/workspace-calls.ts';
import { inWorker } from './in-backup-worker.ts';

/** A file waits for pictures that are fetched first: the person who sees how far it is ends it. */
const DOWNLOAD_MS = 24 * 3_600_000;
/** Why there may be no backup, and a file of what is there all the same. */
const WITHOUT_PLACE: readonly BackupError['type'][] = ['StorageDisabled', 'PlaceFailed', 'QuotaExceeded'];

export interface DownloadCallsOptions {
  readonly active: Pick<ActiveWorkspace, 'row' | 'kv'>;
  readonly blobs: PartSources['blobs'];
  readonly backUp: (watch?: BackupWatch) => Promise<Result<BackupInfo, BackupError>>;
  readonly verify: (id: string, watch?: BackupWatch) => Promise<Result<BackupInfo, BackupError>>;
  /** Whoever shows backups looks again. */
  readonly announce: () => void;
  /** The place of that id, as the worker is given it. */
  readonly at: <V>(
    place: string | undefined,
    use: (spec: PlaceSpec) => Promise<Result<V, BackupError>>,
  ) => Promise<Result<V, BackupError>>;
}

export function createDownloadCalls({
  active: { row, kv },
  blobs,
  backUp,
  verify,
  announce,
  at,
}: DownloadCallsOptions): Pick<BackupPart, 'downloadBackup' | 'downloadNow' | 'backupFiles'> {
  const downloadBackup: BackupPart['downloadBackup'] = async (id, choice, watch, place) => {
    const written = await at(place, (spec) =>
      inWorker((api) => api.download(row.id, id, choice, spec, proxy(downloadPort(blobs, watch))), DOWNLOAD_MS),
    );
    // What is damaged was found, and noted.
    if (choice.acceptDamage) announce();
    return written;
  };

  const downloadRows = (choice: DownloadTarget, watch: BackupWatch | undefined) => {
    const about = { account: row.accountId, workspace: row.id, device: { id: row.deviceId, name: row.deviceName } };
    const port = proxy({ ...downloadPort(blobs, watch), ...createRowReader(kv) });
    return inWorker((api) => api.downloadRows(about, choice, port), DOWNLOAD_MS);
  };

  return {
    downloadBackup,
    async downloadNow(choice, watch) {
      const made = await backUp(watch);
      if (!made.ok) return WITHOUT_PLACE.includes(made.error.type) ? downloadRows(choice, watch) : made;
      const written = await downloadBackup(made.value.id, choice, watch);
      if (written.ok || written.error.type !== 'BackupDamaged') return written;
      // A part that it shares with earlier ones is damaged, and what is here is not: once that is noted, the next backup writes it anew.
      const checked = await verify(made.value.id, watch);
      const anew = checked.ok ? await backUp(watch) : checked;
      return anew.ok ? downloadBackup(anew.value.id, choice, watch) : anew;
    },
    backupFiles: (id, place) =>
      at(place, async (spec) => {
        const [hashes, calls] = await Promise.all([inWorker((api) => api.files(row.id, id, spec)), blobs()]);
        if (!hashes.ok) return hashes;
        if (!calls.ok) return calls;
        const here = await calls.value.haveBlobs(hashes.value);
        return here.ok ? ok({ files: hashes.value.length, away: hashes.value.length - here.value.length }) : here;
      }),
  };
}

function downloadPort(blobs: PartSources['blobs'], watch: BackupWatch = () => true): DownloadPort {
  let last: BackupProgress = { phase: 'files', done: 0, total: null };
  return {
    async read(hash) {
      const calls = await blobs();
      return calls.ok ? calls.value.readBlob(hash) : calls;
    },
    async fetch(hash) {
      const calls = await blobs();
      return calls.ok ? calls.value.fetchBlob(hash, () => watch(last)) : calls;
    },
    watch(progress) {
      last = progress;
      return watch(progress);
    },
  };
}
