/** The backup worker as it is, over the real IndexedDB and the files of this browser. */
import { type Remote, wrap } from 'comlink';
import { afterEach } from 'vitest';
import type { BackupWorkerApi } from '#backup/kept/backup-api.ts';
import { createFolderPlace } from '#backup/kept/folder-place.ts';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import { openBackup } from '#backup/kept/open-backup.ts';
import { backupLock } from '#core/channels.ts';
import { ledger } from '#entities/index.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { makeBackupFolder } from '#store/kv/backup-folder.ts';
import { openInPlace } from '#store/kv/opfs.ts';
import { INITIAL_COUNTERS } from '#store/schema/rows.ts';
import { HIGH } from '#store/schema/schema.ts';
import { openActive } from '#store/workspace.ts';
import { entityRow } from './blob-world.ts';
import { mint, must } from './memory-workspace.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks };
const workers: Worker[] = [];
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

export function startBackupWorker() {
  const worker = new Worker(new URL('../../src/workers/backup.worker.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  const api: Remote<BackupWorkerApi> = wrap(worker);
  return { api, kill: () => worker.terminate() };
}

/** A workspace of this browser with so many notes, put there as rows. */
export async function openBackedUpWorld(count: number) {
  const { row, kv, journal } = must(await openActive({ ...ports, openChannel }, { deviceName: 'Test' }, null));
  let localSeq = 0;
  const stamp = '000000001-0000-00000000';
  const put = (ids: readonly string[], text: string) =>
    kv.transact({ state: { get: 'meta', key: 'state' } }, ({ state }) => {
      const counters = state?.key === 'state' ? state : INITIAL_COUNTERS;
      localSeq = counters.localSeq;
      const rows = ids.map((id) => {
        localSeq += 1;
        return entityRow('note', id, `${text} ${id} ${'and more words of it '.repeat(20)}`, {
          localSeq,
          stamps: { text: stamp },
        });
      });
      return {
        writes: [...rows.map((one) => ({ put: 'entities', row: one }) as const), { put: 'meta', row: { ...counters, localSeq } }],
        value: undefined,
      };
    });
  const ids = Array.from({ length: count }, mint);
  for (let at = 0; at < count; at += 500) must(await put(ids.slice(at, at + 500), 'Text of'));
  const folder = await makeBackupFolder(row.id);
  if (!folder) throw new Error('no files of the origin');
  const place = createFolderPlace(folder, { clock: systemClock, openInPlace });
  const kept = createKeptBackups({ ...ports, place, lock: backupLock(row.id), ledger, offsetMinutes: 0 });
  const notesOf = async (id: string): Promise<number> => {
    let notes = 0;
    for await (const { kind } of openBackup(place, await kept.find(id)).records()) notes += kind === 'note' ? 1 : 0;
    return notes;
  };
  // Other tests have worked in this browser.
  const { notes } = must(await kv.read({ notes: { count: 'entities', lower: ['note'], upper: ['note', HIGH] } }));
  return { row, kv, journal, ids, notes, put, kept, folder, notesOf };
}

export const filesIn = async (folder: FileSystemDirectoryHandle): Promise<number> => {
  let files = 0;
  for await (const handle of folder.values()) files += handle.kind === 'directory' ? await filesIn(handle) : 1;
  return files;
};
