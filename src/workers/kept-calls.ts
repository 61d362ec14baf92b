/**
 * Backups made, listed, checked and copied: what the schedule of a workspace needs. In the backup worker, and in the service worker while no tab is open.
 */
import type { BackupWorkerApi } from '#backup/kept/backup-api.ts';
import { caught, Failure } from '#backup/kept/failure.ts';
import type { BackedUp } from '#backup/kept/kept-backups.ts';
import { ON_DEVICE } from '#backup/kept/place-spec.ts';
import type { BackupProgress, BackupWatch } from '#core/backups.ts';
import type { BackupError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import { fileStoreOf } from './backup-files.ts';
import { openFilled, openOnce, openOrMake, openPlace, pauses } from './backup-places.ts';
import { watching } from './watching.ts';

export const [app = ''] = Object.values(import.meta.glob<string>('/package.json', { eager: true, import: 'version' }));

/** How a call goes on, is ended by whoever watches it, and reports how far it is. */
export const runOf = (watch: BackupWatch | undefined) => ({ ...watching<BackupProgress>(watch), pause: pauses.pause });

/** The pictures and files that are on this device. */
export const filesOfDevice = async (workspaceId: string, signal: AbortSignal) =>
  (await fileStoreOf(await openOnce(workspaceId), signal)).files;

/** What a backup of a workspace says of itself, and what it is read from. */
export async function sourceOf(workspaceId: string): Promise<BackedUp> {
  const { row, kv } = await openOnce(workspaceId);
  const device = { id: row.deviceId, name: row.deviceName };
  return { app, account: row.accountId, workspace: row.id, device, rows: createRowReader(kv) };
}

export type KeptCalls = Pick<BackupWorkerApi, 'backUp' | 'mirror' | 'list' | 'verify' | 'copy' | 'fill'>;

/** Runs one call, here or in a worker. */
export type AskKept = <V>(call: (api: KeptCalls) => Promise<Result<V, BackupError>>) => Promise<Result<V, BackupError>>;

export const keptCalls: KeptCalls = {
  backUp: (workspaceId, reason, watch) =>
    caught(async () => {
      const source = await sourceOf(workspaceId);
      return (await openOrMake(workspaceId, ON_DEVICE)).kept.backUp(source, reason, runOf(watch));
    }),
  mirror: (workspaceId, spec, watch) =>
    caught(async () => {
      const { kept, files } = await openOrMake(workspaceId, spec);
      if (!files) throw new Failure({ type: 'PlaceFailed', reason: 'it keeps no files' });
      const run = runOf(watch);
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
      const rows = await caught(async () => (await sourceOf(workspaceId)).rows);
      return (await openFilled(workspaceId, spec)).kept.verify(id, rows.ok ? rows.value : null, runOf(watch));
    }),
  copy: (workspaceId, id, spec, watch) =>
    caught(async () => {
      const run = runOf(watch);
      const source = await openFilled(workspaceId, ON_DEVICE);
      const manifest = await source.kept.find(id);
      const target = await openOrMake(workspaceId, spec, {
        signal: run.signal,
        expected: manifest.parts.map(({ hash }) => hash),
      });
      const files = target.files && { from: await filesOfDevice(workspaceId, run.signal), to: target.files };
      return target.kept.receive(manifest, { ...run, from: source.place, files });
    }),
  fill: (workspaceId, id, spec, isThorough, watch) =>
    caught(async () => {
      const run = runOf(watch);
      const { kept, files } = await openFilled(workspaceId, spec);
      return files ? kept.fill(id, { from: await filesOfDevice(workspaceId, run.signal), to: files }, isThorough, run) : 0;
    }),
};
