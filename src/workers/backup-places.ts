/** The places of backups, as the backup worker opens them. */
import { type FileSource, type FileTarget, filesIn } from '#backup/kept/copy-backup.ts';
import { caught, Failure, take } from '#backup/kept/failure.ts';
import { createFilesPlace } from '#backup/kept/files-place.ts';
import { createFolderPlace } from '#backup/kept/folder-place.ts';
import { createInTime } from '#backup/kept/in-time.ts';
import { createKeptBackups, type KeptBackupsOptions } from '#backup/kept/kept-backups.ts';
import type { KnownManifests } from '#backup/kept/known-manifests.ts';
import { openPickedFolder } from '#backup/kept/picked-folder.ts';
import type { Place } from '#backup/kept/place.ts';
import type { PlaceSpec } from '#backup/kept/place-spec.ts';
import { backupLock } from '#core/channels.ts';
import { createPauses, noteTyping } from '#core/pauses.ts';
import { createStop, type StopSignal } from '#core/stop.ts';
import { ledger } from '#entities/index.ts';
import { fetchBytes } from '#platform/fetch-bytes.ts';
import { fetchTransport } from '#platform/fetch-transport.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { makeBackupFolder, openBackupFolder } from '#store/kv/backup-folder.ts';
import { openInPlace } from '#store/kv/opfs.ts';
import { openById } from '#store/open-by-id.ts';
import { forgetBroughtKeys } from '#store/restore/brought-keys.ts';
import { createServerBackups } from '#sync/server-backups.ts';
import { createServerPlace } from './server-place.ts';

const wire = { transport: fetchTransport, bytes: fetchBytes };
export const ports = { clock: systemClock, random: systemRandom, locks: webLocks };

/** A place with the backups in it. */
export interface OpenPlace {
  readonly place: Place;
  readonly kept: ReturnType<typeof createKeptBackups>;
  /** Pictures and files lie beside its backups; null where it names them only, and the device keeps them by itself. */
  readonly files: (FileSource & FileTarget) | null;
}

/** Of a server: what ends the questions, and the parts that are about to be copied there. */
interface Ask {
  readonly signal?: StopSignal;
  readonly expected?: readonly string[];
}

/** Null where there are no backups in it, and it is not to be made. Throws a `Failure`. */
export async function openPlace(
  workspaceId: string,
  spec: PlaceSpec,
  create: boolean,
  { signal = createStop().signal, expected = [] }: Ask = {},
): Promise<OpenPlace | null> {
  switch (spec.type) {
    case 'device': {
      const folder = create ? await makeBackupFolder(workspaceId) : await openBackupFolder(workspaceId);
      if (!folder && create) throw new Failure({ type: 'PlaceFailed', reason: 'this browser keeps no files' });
      const onRemoval = (left: readonly string[]) => forgetKeys(workspaceId, left);
      const place = folder && createFolderPlace(folder, { clock: systemClock, openInPlace });
      return place ? keptIn(place, workspaceId, false, onRemoval) : null;
    }
    case 'files':
      return keptIn(createFilesPlace(spec.files, spec.name), `files/${spec.name}`, true);
    case 'folder': {
      const folder = await openPickedFolder(spec.handle, spec.name, create, createInTime(systemClock));
      // Files in it cannot be written in place.
      return folder ? keptIn(createFolderPlace(folder, { clock: systemClock }), `folder/${spec.name}`, true) : null;
    }
    case 'server': {
      const folder = await openBackupFolder(workspaceId);
      const notes = folder ? createFolderPlace(folder, { clock: systemClock, openInPlace }) : null;
      const api = createServerBackups({ ...wire, accountId: spec.accountId, clock: systemClock, signal });
      // Who writes there looks after its own.
      const { place, files } = createServerPlace({ api, only: create ? spec.deviceId : null, expected, notes });
      return { ...keptIn(place, `server/${spec.accountId}`, false), files };
    }
  }
}

/** By the place: this worker is asked about the same one again and again. */
const known = new Map<string, KnownManifests>();

function keptIn(place: Place, lockOf: string, holdsFiles: boolean, onRemoval?: KeptBackupsOptions['onRemoval']): OpenPlace {
  const offsetMinutes = new Date().getTimezoneOffset();
  const manifests = known.get(lockOf) ?? new Map();
  known.set(lockOf, manifests);
  const more = { isShared: holdsFiles, ...(onRemoval && { onRemoval }) };
  const kept = createKeptBackups({ ...ports, ...more, manifests, place, lock: backupLock(lockOf), ledger, offsetMinutes });
  return { place, kept, files: holdsFiles ? filesIn(place) : null };
}

/** API keys go with the backup that they came with. Backups outlive the database that has them. */
async function forgetKeys(workspaceId: string, left: readonly string[]): Promise<void> {
  await caught(async () => take(await forgetBroughtKeys(await openOnce(workspaceId), left)));
}

/** A place that has backups in it. */
export async function openFilled(workspaceId: string, spec: PlaceSpec, ask?: Ask): Promise<OpenPlace> {
  const found = await openPlace(workspaceId, spec, false, ask);
  if (!found) throw new Failure({ type: 'BackupMissing' });
  return found;
}

/** A place that is made where it is not there. */
export async function openOrMake(workspaceId: string, spec: PlaceSpec, ask?: Ask): Promise<OpenPlace> {
  const made = await openPlace(workspaceId, spec, true, ask);
  if (!made) throw new Failure({ type: 'PlaceGone' });
  return made;
}

export const pauses = createPauses(systemClock);

/** The workspaces that this worker has open: it is asked for the same one again and again. */
const opened = new Map<string, ReturnType<typeof openById>>();

/** A workspace with its database. Whoever types in it keeps a backup from working at full speed. */
export async function openOnce(workspaceId: string) {
  const opening = opened.get(workspaceId) ?? openById({ ...ports, openChannel }, workspaceId);
  opened.set(workspaceId, opening);
  const result = await opening;
  if (!result.ok) opened.delete(workspaceId);
  else if (!watched.has(workspaceId)) {
    watched.add(workspaceId);
    noteTyping(result.value.channel.onMessage, pauses);
  }
  return take(result);
}
const watched = new Set<string>();

/** Closes the workspaces that were opened: what goes on for long without a call keeps no database open. */
export async function closeOpened(): Promise<void> {
  const all = [...opened.values()];
  opened.clear();
  watched.clear();
  for (const result of await Promise.all(all)) if (result.ok) result.value.close();
}
