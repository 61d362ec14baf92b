/** Backups on the server, and the files that backups name. */
import type { Storage, StorageReader, StorageWriter } from '#server/storage/storage.ts';
import { product } from '#simulation/adapters.ts';
import { BACKUP_SCENES } from '#simulation/backup-scenes.ts';
import { listFirst } from './backups.ts';
import type { Mutation } from './mutation.ts';

export const backupPlaces: readonly Mutation[] = [
  {
    name: 'a list goes to the server before its parts, which takes it',
    rule: 'Invariant 36: the server keeps a backup only where all of it is whole there',
    needs: [],
    plan: BACKUP_SCENES.restoringFromServer,
    product: {
      serverPlace(...given) {
        const { place, files } = product.serverPlace(...given);
        return { place: listFirst(place), files };
      },
    },
    storage: (storage) =>
      reading(storage, (reader) => ({
        async blobs(accountId, hashes) {
          const rows = await reader.blobs(accountId, hashes);
          // A backup names several; an upload asks about one.
          if (hashes.length < 2) return rows;
          const missing = hashes.filter((hash) => !rows.some((row) => row.hash === hash));
          const whole = {
            state: 'complete',
            bytes: 1,
            createdAt: 0,
            touchedAt: 0,
            unreferencedSince: null,
            isBody: false,
            isBackup: true,
          } as const;
          return [...rows, ...missing.map((hash) => ({ ...whole, hash }))];
        },
      })),
  },
  {
    name: 'the collector of the server takes no notice of backups',
    rule: 'Invariant 26: what a backup on the server names stays there',
    needs: [],
    plan: BACKUP_SCENES.restoringFromServer,
    storage: (storage) => reading(storage, () => ({ backupBlobs: async () => [] })),
  },
  {
    name: 'what only a backup of this device names is collected',
    rule: 'Invariant 26: the lists of backups name what they need',
    needs: [],
    plan: BACKUP_SCENES.restoringFiles,
    product: {
      blobContext: (ports, blobs) => ({ ...product.blobContext(ports, blobs), async *backupTexts() {} }),
    },
  },
];

/** Other answers to what a transaction reads. */
const reading = (storage: Storage, change: (reader: StorageReader) => Partial<StorageReader>): Storage => ({
  ...storage,
  read: (body) => storage.read((reader) => body({ ...reader, ...change(reader) })),
  write: (accountId, body) =>
    storage.write(accountId, (writer: StorageWriter, account) => body({ ...writer, ...change(writer) }, account)),
});
