/** Ten thousand notes at once: what a fresh device, an import and a merge of two accounts wait for. */
import { deleteDB, type IDBPDatabase } from 'idb';
import { openDexie, openPouch, openRxdb, toPouch } from '#bench-peers/databases.ts';
import type { Series } from './bench-api.ts';
import { startParts } from './parts.ts';
import { openRaw, type Put, putAll } from './raw.ts';
import { newId, sampleDocument, sampleRow } from './sample-note.ts';
import { takeTurns } from './turns.ts';

/** The store applies a pull in transactions of this many. */
const BATCH = 100;

export async function runBulk(rounds: number, count: number): Promise<readonly Series[]> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const { parts, end } = startParts();
  let puts: readonly Put[] = [];
  let raw: IDBPDatabase | null = null;
  const prepareRaw = async (): Promise<void> => {
    puts = numbers.map((n) => ({ store: 'entities', row: sampleRow(n) }));
    raw = await openRaw(`raw-${newId()}`);
  };
  const endRaw = async (): Promise<void> => {
    const { name } = raw as IDBPDatabase;
    raw?.close();
    await deleteDB(name);
  };
  const timed = async (body: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await body();
    return performance.now() - start;
  };
  const series = await takeTurns(
    [
      {
        name: 'raw',
        what: 'raw idb: the same rows, one transaction',
        durability: 'strict',
        timesItself: true,
        prepare: prepareRaw,
        async run() {
          const ms = await timed(() => putAll(raw as IDBPDatabase, puts, 'strict'));
          await endRaw();
          return ms;
        },
      },
      {
        name: 'raw-batches',
        what: `raw idb: the same rows, ${BATCH} to a transaction`,
        durability: 'strict',
        timesItself: true,
        prepare: prepareRaw,
        async run() {
          const ms = await timed(async () => {
            for (let at = 0; at < count; at += BATCH) await putAll(raw as IDBPDatabase, puts.slice(at, at + BATCH), 'strict');
          });
          await endRaw();
          return ms;
        },
      },
      {
        name: 'apply',
        what: 'Holdfast: versions of a server decoded, decided and written, with the cursor',
        durability: 'strict',
        timesItself: true,
        run: () => parts.apply(newId(), count),
      },
      {
        name: 'dexie',
        what: 'Dexie: `bulkPut` of the same rows',
        durability: 'relaxed',
        timesItself: true,
        async run() {
          const db = openDexie(`dexie-${newId()}`, 'relaxed');
          await db.open();
          const rows = numbers.map((n) => sampleRow(n));
          const ms = await timed(() => db.table('entities').bulkPut(rows));
          await db.delete();
          return ms;
        },
      },
      {
        name: 'rxdb',
        what: 'RxDB on Dexie: `bulkInsert`',
        durability: 'relaxed',
        timesItself: true,
        async run() {
          const { db, notes } = await openRxdb(`rxdb-${newId()}`);
          const documents = numbers.map((n) => sampleDocument(n));
          const ms = await timed(() => notes.bulkInsert(documents));
          await db.remove();
          return ms;
        },
      },
      {
        name: 'pouchdb',
        what: 'PouchDB: `bulkDocs`',
        durability: 'relaxed',
        timesItself: true,
        async run() {
          const db = openPouch(`pouch-${newId()}`);
          const documents = numbers.map((n) => toPouch(sampleDocument(n)));
          const ms = await timed(() => db.bulkDocs(documents));
          await db.destroy();
          return ms;
        },
      },
    ],
    rounds,
    1,
  );
  end();
  return series;
}
