/** The limit: the same rows in the same stores with the same indexes, by idb and nothing else. */
import { type IDBPDatabase, openDB } from 'idb';
import { workspaceSchema } from '#store/schema/schema.ts';

export function openRaw(name: string): Promise<IDBPDatabase> {
  return openDB(name, 1, {
    upgrade(db) {
      for (const [store, { key, indexes }] of Object.entries(workspaceSchema.stores)) {
        const made = db.createObjectStore(store, { keyPath: key as string | string[] });
        for (const [index, columns] of Object.entries(indexes)) made.createIndex(index, columns as string | string[]);
      }
    },
  });
}

export interface Put {
  readonly store: string;
  readonly row: object;
}

/** All puts in one transaction over the stores that they need; resolves when it has completed. */
export async function putAll(db: IDBPDatabase, puts: readonly Put[], durability: 'strict' | 'relaxed'): Promise<void> {
  const stores = [...new Set(puts.map(({ store }) => store))];
  const transaction = db.transaction(stores, 'readwrite', { durability });
  for (const { store, row } of puts) void transaction.objectStore(store).put(row);
  transaction.commit();
  await transaction.done;
}
