/**
 * Transactions of IndexedDB as the `Kv` port promises them: they count only once they have completed, and an exception
 * anywhere takes all of it back. On the bare API: the promises and proxies of a wrapper cost a save a tenth of its time.
 */
import { equalJson, type Json } from '#core/json.ts';
import type { Durability, Read, Reads, Rows, Tables, Write } from '#core/ports.ts';
import { runRead, storeOf } from './db-reads.ts';

export const errorName = (error: unknown): string => (error instanceof Error || error instanceof DOMException ? error.name : '');

/** A bug in a transaction's body or in what it asks for: passes the net that turns database failures into values. */
export class BodyError extends Error {}

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

/** The rows were not what they were guessed to be. */
class WrongGuess extends Error {}

/** One transaction: the reads, then the writes that `body` makes of them; without a body the rows that were read. */
export async function runTransaction<T extends Tables>(
  db: IDBDatabase,
  reads: Reads<T>,
  body: Body<T> | null,
  durability: Durability,
): Promise<unknown> {
  const stores = body ? everyStore(db) : [...new Set(Object.values(reads).map(storeOf))];
  if (stores.length === 0) return {};
  return inTransaction(db, stores, body ? 'readwrite' : 'readonly', durability, async (transaction) => {
    const rows = await readAll(transaction, reads);
    if (!body) return rows;
    let outcome: ReturnType<Body<T>>;
    try {
      outcome = body(rows as never);
    } catch (cause) {
      throw new BodyError('transaction body', { cause });
    }
    requestWrites(transaction, outcome.writes);
    return outcome.value;
  });
}

/**
 * One transaction whose writes leave together with its reads, made of what the reads should find. Null where they found
 * something else, or the body would not have it: nothing was written then. Requests of one transaction run in their
 * order, so the reads see what was there before the writes.
 */
export async function runGuessed<T extends Tables>(
  db: IDBDatabase,
  reads: Reads<T>,
  body: Body<T>,
  durability: Durability,
  guess: object,
): Promise<{ readonly value: unknown } | null> {
  try {
    return await inTransaction(db, everyStore(db), 'readwrite', durability, async (transaction) => {
      const reading = readAll(transaction, reads);
      // Where what follows throws, nobody waits for it.
      reading.catch(() => {});
      const outcome = tryGuess(body, guess);
      requestWrites(transaction, outcome.writes);
      if (!equalJson((await reading) as Json, guess as Json)) throw new WrongGuess();
      return { value: outcome.value };
    });
  } catch (error) {
    if (error instanceof WrongGuess) return null;
    throw error;
  }
}

/**
 * What a writing transaction spans: its writes are known only after the reads, and narrower scopes would let two
 * transactions that share rows in one store overlap in another.
 */
const everyStore = (db: IDBDatabase): readonly string[] => [...db.objectStoreNames];

/** A body that will not have the guess is asked again with the rows as they are: what it throws then is a bug. */
function tryGuess<T extends Tables>(body: Body<T>, guess: object): ReturnType<Body<T>> {
  try {
    return body(guess as never);
  } catch {
    throw new WrongGuess();
  }
}

/** Runs `work` in a transaction and commits it; resolves once it has completed. What `work` throws takes all of it back. */
async function inTransaction<V>(
  db: IDBDatabase,
  stores: readonly string[],
  mode: 'readonly' | 'readwrite',
  durability: Durability,
  work: (transaction: IDBTransaction) => Promise<V>,
): Promise<V> {
  const transaction: IDBTransaction = db.transaction(stores, mode, { durability });
  const done = completionOf(transaction);
  // The rejection is awaited below; this keeps an early one from being reported as unhandled.
  done.catch(() => {});
  try {
    const value = await work(transaction);
    if (mode === 'readonly') return value;
    transaction.commit();
    await done;
    return value;
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

/** Request success is not transaction success. A failed request aborts its transaction, which has the error then. */
function completionOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException('the transaction was aborted', 'AbortError'));
  });
}

async function readAll<T extends Tables>(transaction: IDBTransaction, reads: Reads<T>): Promise<object> {
  const names = Object.keys(reads);
  const results = await Promise.all(names.map((name) => asked(() => runRead(transaction, reads[name] as Read<T>))));
  return Object.fromEntries(names.map((name, index) => [name, results[index]]));
}

function requestWrites<T extends Tables>(transaction: IDBTransaction, writes: readonly Write<T>[]): void {
  for (const write of writes) asked(() => requestWrite(transaction, write));
}

function requestWrite<T extends Tables>(transaction: IDBTransaction, write: Write<T>): IDBRequest {
  if ('put' in write) return transaction.objectStore(write.put).put(write.row);
  if ('delete' in write) return transaction.objectStore(write.delete).delete(write.key as IDBValidKey);
  const { deleteRange, lower, upper } = write;
  return transaction.objectStore(deleteRange).delete(IDBKeyRange.bound(lower as IDBValidKey, upper as IDBValidKey));
}
