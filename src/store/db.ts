/**
 * IndexedDB behind the `Kv` port: the schema, and the four sad ways in which a connection ends (blocked, blocking,
 * terminated, lost).
 */
import { type IDBPDatabase, openDB, unwrap } from 'idb';
import type { KvError } from '#core/errors.ts';
import type { Kv, KvSchema, Tables } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { BodyError, errorName, runGuessed, runTransaction } from './db-transaction.ts';
import { toKvError } from './kv-error.ts';

export interface OpenOptions {
  /** An older tab holds the database open and delays our upgrade. */
  readonly onBlocked?: () => void;
  /** A newer tab wants to upgrade. The connection closes when this is done, or after `LAST_WRITES_MS`. */
  readonly beforeOutdated?: () => Promise<void>;
}

/** How long a newer tab's upgrade waits for the last writes of this connection. */
const LAST_WRITES_MS = 1000;

/** Opens (and creates or upgrades) the database `name`. Reopens by itself when the browser ends the connection. */
export async function openKv<T extends Tables>(
  name: string,
  version: number,
  schema: KvSchema<T>,
  options: OpenOptions = {},
): Promise<Result<Kv<T>, KvError>> {
  let outdated = false;
  let connection: Promise<IDBPDatabase> | null = null;

  const connect = (): Promise<IDBPDatabase> => {
    connection ??= openDB(name, version, {
      upgrade(db, _oldVersion, _newVersion, transaction) {
        for (const [store, { key, indexes }] of Object.entries(schema.stores)) {
          const target = db.objectStoreNames.contains(store)
            ? transaction.objectStore(store)
            : db.createObjectStore(store, { keyPath: key as string | string[] });
          for (const [index, columns] of Object.entries(indexes)) {
            if (!target.indexNames.contains(index)) target.createIndex(index, columns as string | string[]);
          }
        }
      },
      blocked: () => options.onBlocked?.(),
      blocking: (_current, _blocked, event) => {
        const database = event.target as IDBDatabase;
        const end = (): void => {
          outdated = true;
          database.close();
        };
        if (!options.beforeOutdated) return end();
        const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_WRITES_MS));
        void Promise.race([options.beforeOutdated(), late]).finally(end);
      },
      terminated: () => {
        connection = null;
      },
    });
    connection.catch(() => {
      connection = null;
    });
    return connection;
  };

  /** Runs `work` on the connection; opens it again, once, where the browser had closed it underneath us. */
  const withConnection = async <V>(work: (db: IDBDatabase) => Promise<V>): Promise<Result<V, KvError>> => {
    for (let attempt = 0; ; attempt++) {
      if (outdated) return err({ type: 'NewerDatabase' });
      try {
        return ok(await work(unwrap(await connect())));
      } catch (error) {
        if (error instanceof BodyError) throw error.cause;
        if (attempt === 0 && errorName(error) === 'InvalidStateError') {
          connection = null;
          continue;
        }
        return err(toKvError(error));
      }
    }
  };

  const opened = await withConnection(async () => null);
  if (!opened.ok) return opened;

  return ok({
    read: (reads) => withConnection((db) => runTransaction(db, reads, null, 'relaxed')) as never,
    transact: (reads, body, durability = 'strict', guess) =>
      withConnection(async (db) => {
        const guessed = guess && (await runGuessed(db, reads, body as never, durability, guess));
        return guessed ? guessed.value : runTransaction(db, reads, body as never, durability);
      }) as never,
    close() {
      outdated = true;
      void connection?.then((db) => db.close()).catch(() => {});
    },
  });
}
