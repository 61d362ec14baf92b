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
  /** The database has been deleted underneath this connection, which will not open again. */
  readonly onGone?: () => void;
  /** False: a database that is not there is not created, and answers `StorageGone`. */
  readonly create?: boolean;
}

/** How long a newer tab's upgrade waits for the last writes of this connection. */
const LAST_WRITES_MS = 1000;
/** A connection that the browser has ended is opened again after these pauses, until that is possible. */
const LOOK_AFTER_MS = [0, 50, 200, 1000, 5000];

/**
 * Opens (and creates or upgrades) the database `name`. Reopens by itself when the browser ends the connection, but never
 * creates it a second time: an empty database in the place of one that was deleted would take saves that nobody finds.
 */
export async function openKv<T extends Tables>(
  name: string,
  version: number,
  schema: KvSchema<T>,
  options: OpenOptions = {},
): Promise<Result<Kv<T>, KvError>> {
  let outdated = false;
  let wasOpen = false;
  let gone = false;
  let connection: Promise<IDBPDatabase> | null = null;

  const open = (): Promise<IDBPDatabase> =>
    openDB(name, version, {
      upgrade(db, oldVersion, _newVersion, transaction) {
        if ((wasOpen || options.create === false) && oldVersion === 0) {
          gone = true;
          // Aborted, the upgrade takes the new, empty database back.
          transaction.done.catch(() => {});
          return transaction.abort();
        }
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
      blocking: (_current, wanted, event) => {
        const database = event.target as IDBDatabase;
        if (wanted === null) {
          // Deleted by another tab, or by hand: no version will ever be there.
          gone = true;
          database.close();
          options.onGone?.();
          return;
        }
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
        if (options.onGone) void lookWhetherGone();
      },
    });

  const connect = (): Promise<IDBPDatabase> => {
    if (connection !== null) return connection;
    connection = open();
    connection.then(
      () => {
        wasOpen = true;
      },
      () => {
        connection = null;
        if (gone) options.onGone?.();
      },
    );
    return connection;
  };

  /** Deleted, or only closed: that is seen by opening it again. Chromium refuses that while it is still deleting. */
  const lookWhetherGone = async (): Promise<void> => {
    for (const pauseMs of LOOK_AFTER_MS) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (outdated || gone) return;
      const opened = await connect().then(
        () => true,
        () => gone,
      );
      if (opened) return;
    }
  };

  /** Runs `work` on the connection; opens it again, once, where the browser had closed it underneath us. */
  const withConnection = async <V>(work: (db: IDBDatabase) => Promise<V>): Promise<Result<V, KvError>> => {
    for (let attempt = 0; ; attempt++) {
      if (outdated) return err({ type: 'NewerDatabase' });
      if (gone) return err({ type: 'StorageGone' });
      try {
        return ok(await work(unwrap(await connect())));
      } catch (error) {
        if (error instanceof BodyError) throw error.cause;
        if (gone) return err({ type: 'StorageGone' });
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
