/**
 * IndexedDB behind the `Kv` port: the schema, the four sad ways in which a connection ends (blocked, blocking,
 * terminated, lost), and transactions that count only once they have completed.
 */
import { type IDBPDatabase, openDB, unwrap } from 'idb';
import type { KvError } from '#core/errors.ts';
import type { Durability, Key, KeyRange, Kv, KvSchema, Read, Reads, Rows, Tables, Write } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { compareKeys, encodeKey, type KeyPath, primaryKeyOf } from './key-order.ts';

export interface OpenOptions {
  /** An older tab holds the database open and delays our upgrade. */
  readonly onBlocked?: () => void;
  /** A newer tab wants to upgrade: this connection has been closed and will not open again. */
  readonly onOutdated?: () => void;
}

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
        outdated = true;
        (event.target as IDBDatabase).close();
        options.onOutdated?.();
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
  const withConnection = async <V>(work: (db: IDBPDatabase) => Promise<V>): Promise<Result<V, KvError>> => {
    for (let attempt = 0; ; attempt++) {
      if (outdated) return err({ type: 'NewerDatabase' });
      try {
        return ok(await work(await connect()));
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
    transact: (reads, body, durability: Durability = 'strict') =>
      withConnection((db) => runTransaction(db, reads, body as never, durability)) as never,
    close() {
      outdated = true;
      void connection?.then((db) => db.close()).catch(() => {});
    },
  });
}

/** A bug in a transaction's body or in what it asks for: passes the net that turns database failures into values. */
class BodyError extends Error {}

/** What IndexedDB throws at once for a request that could never work: an invalid key or range, a row with a function, a missing index. */
const BUGS: ReadonlySet<string> = new Set(['DataError', 'DataCloneError', 'NotFoundError', 'TypeError']);

/** Makes a request. Only what is thrown at once can be the asker's bug: a later DataError is a record that does not read. */
function asked<V>(request: () => V): V {
  try {
    return request();
  } catch (cause) {
    throw BUGS.has(errorName(cause)) ? new BodyError('request', { cause }) : cause;
  }
}

type Body<T extends Tables> = (rows: Rows<T, Reads<T>>) => { readonly writes: readonly Write<T>[]; readonly value: unknown };

async function runTransaction<T extends Tables>(
  db: IDBPDatabase,
  reads: Reads<T>,
  body: Body<T> | null,
  durability: Durability,
): Promise<unknown> {
  // A writing transaction spans every store: its writes are known only after the reads, and narrower scopes would let
  // two transactions that share rows in one store overlap in another.
  const stores = body ? [...db.objectStoreNames] : [...new Set(Object.values(reads).map(storeOf))];
  if (stores.length === 0) return {};
  const transaction = db.transaction(stores, body ? 'readwrite' : 'readonly', { durability });
  const done = transaction.done;
  // The rejection is awaited below; this keeps an early one from being reported as unhandled.
  done.catch(() => {});
  try {
    const names = Object.keys(reads);
    const results = await Promise.all(
      names.map((name) => asked(() => runRead(transaction.objectStore(storeOf(reads[name] as Read<T>)), reads[name] as Read<T>))),
    );
    const rows = Object.fromEntries(names.map((name, index) => [name, results[index]]));
    if (!body) return rows;
    let outcome: ReturnType<Body<T>>;
    try {
      outcome = body(rows as never);
    } catch (cause) {
      throw new BodyError('transaction body', { cause });
    }
    // Request success is not transaction success, and a failed request aborts the transaction: both show in `done`. So the
    // requests are made without idb, whose promise and listeners for each cost a bulk a tenth of its time.
    const bare = unwrap(transaction);
    for (const write of outcome.writes) {
      asked(() => requestWrite(bare, write));
    }
    transaction.commit();
    await done;
    return outcome.value;
  } catch (error) {
    // An exception between two puts would otherwise commit the first.
    try {
      transaction.abort();
    } catch {
      // Already finished.
    }
    throw error;
  }
}

function requestWrite<T extends Tables>(transaction: IDBTransaction, write: Write<T>): IDBRequest {
  if ('put' in write) return transaction.objectStore(write.put).put(write.row);
  if ('delete' in write) return transaction.objectStore(write.delete).delete(write.key as IDBValidKey);
  const { deleteRange, lower, upper } = write;
  return transaction.objectStore(deleteRange).delete(IDBKeyRange.bound(lower as IDBValidKey, upper as IDBValidKey));
}

type ReadableStore = {
  readonly keyPath: string | string[];
  get(key: IDBValidKey): Promise<unknown>;
  getAll(query?: IDBKeyRange | null | GetAllOptions, count?: number): Promise<unknown[]>;
  count(query?: IDBKeyRange | null): Promise<number>;
  openCursor(
    query?: IDBKeyRange | null,
    direction?: IDBCursorDirection,
  ): Promise<{ value: unknown; continue(): Promise<unknown> } | null>;
};

function runRead<T extends Tables>(store: unknown, read: Read<T>): Promise<unknown> {
  const target = store as ReadableStore & { index(name: string): ReadableStore };
  if ('get' in read) return target.get(read.key as IDBValidKey);
  if ('getMany' in read) return readMany(target, read.keys);
  const source = read.index === undefined ? target : target.index(read.index);
  const range = toRange(read);
  if ('count' in read) return source.count(range);
  // To `getAll` a count of 0 means "no limit".
  if (read.limit <= 0) return Promise.resolve([]);
  if (!read.reverse) return source.getAll(range, read.limit);
  // One answer where the engine can (Chromium since 141; `getAll` learned it together with `getAllRecords`), a message for
  // each row where it cannot.
  return 'getAllRecords' in source
    ? source.getAll({ query: range, count: read.limit, direction: 'prev' })
    : listBackwards(source.openCursor(range, 'prev'), read.limit);
}

/** Of the Indexed Database API 3.0. */
interface GetAllOptions {
  readonly query: IDBKeyRange | null;
  readonly count: number;
  readonly direction: 'prev';
}

/** From here on one range is tried before single reads. */
const MANY = 8;
/** Rows that may lie between those asked for. */
const BETWEEN = 20;

/**
 * The rows of `keys`, in their order. What was made together lies together (ids begin with their time), so the range from
 * the first key to the last holds little else: one request instead of one for each key, which is what a sync of thousands
 * spends its time on. Where the range holds more, the keys are read one by one.
 */
async function readMany(store: ReadableStore, keys: readonly Key[]): Promise<readonly unknown[]> {
  if (keys.length >= MANY) {
    const sorted = [...keys].sort(compareKeys);
    const most = keys.length + BETWEEN;
    const range = IDBKeyRange.bound(sorted[0] as IDBValidKey, sorted.at(-1) as IDBValidKey);
    const found = await store.getAll(range, most);
    if (found.length < most) {
      const path = store.keyPath as KeyPath;
      const rows = new Map(found.map((row) => [encodeKey(primaryKeyOf(row as object, path)), row]));
      return keys.map((key) => rows.get(encodeKey(key)));
    }
  }
  return Promise.all(keys.map((key) => store.get(key as IDBValidKey)));
}

type OpenCursor = ReturnType<ReadableStore['openCursor']>;

async function listBackwards(opening: OpenCursor, limit: number): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  let cursor = await opening;
  while (cursor) {
    rows.push(cursor.value);
    cursor = rows.length < limit ? ((await cursor.continue()) as Awaited<OpenCursor>) : null;
  }
  return rows;
}

function storeOf<T extends Tables>(read: Read<T>): string {
  if ('get' in read) return read.get;
  if ('getMany' in read) return read.getMany;
  if ('list' in read) return read.list;
  return read.count;
}

function toRange({ lower, upper, lowerOpen = false, upperOpen = false }: KeyRange): IDBKeyRange | null {
  const low = lower as IDBValidKey | undefined;
  const high = upper as IDBValidKey | undefined;
  if (low !== undefined && high !== undefined) return IDBKeyRange.bound(low, high, lowerOpen, upperOpen);
  if (low !== undefined) return IDBKeyRange.lowerBound(low, lowerOpen);
  if (high !== undefined) return IDBKeyRange.upperBound(high, upperOpen);
  return null;
}

const errorName = (error: unknown): string => (error instanceof Error || error instanceof DOMException ? error.name : '');

/** By name, not by class: the engines disagree on the class (Chromium has a `QuotaExceededError` of its own). */
function toKvError(error: unknown): KvError {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  switch (errorName(error)) {
    case 'QuotaExceededError':
      return { type: 'QuotaExceeded' };
    case 'VersionError':
      return { type: 'NewerDatabase' };
    case 'SecurityError':
      return { type: 'StorageDisabled', reason };
    case 'InvalidStateError':
    case 'AbortError':
      return { type: 'ConnectionLost', reason };
    default:
      return { type: 'StorageFailed', reason };
  }
}
