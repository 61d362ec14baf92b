/**
 * The `Kv` port in memory: what the app runs on where IndexedDB is disabled, and the disk of the simulation's devices.
 * It behaves as IndexedDB does, to the order of keys; `tests/contract/kv.ts` holds both to one list.
 *
 * Rows are frozen copies: a caller that changes a row after putting it, or one that it has read, changes nothing here.
 */
import type { KvError } from '#core/errors.ts';
import type { Kv, KvSchema, Read, ReadResult, Reads, Rows, Tables, Write } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import { createMemoryTable, type MemoryTable, type TableSnapshot } from './memory-table.ts';

/** All rows of a database at one moment. Later writes do not reach it. */
export type MemorySnapshot = ReadonlyMap<string, TableSnapshot>;

export interface MemoryKv<T extends Tables> extends Kv<T> {
  /** The committed rows as they are now, for `createMemoryKv(schema, snapshot)`. */
  snapshot(): MemorySnapshot;
}

/** A database in memory, empty or with the rows of `from`. After `close` every call answers `ConnectionLost`. */
export function createMemoryKv<T extends Tables>(schema: KvSchema<T>, from?: MemorySnapshot): MemoryKv<T> {
  const tables = new Map<string, MemoryTable>();
  for (const name of Object.keys(schema.stores) as (keyof T & string)[]) {
    tables.set(name, createMemoryTable(schema.stores[name], from?.get(name)));
  }
  let closed = false;

  const tableOf = (name: string): MemoryTable => {
    const table = tables.get(name);
    if (!table) throw new TypeError(`no store named ${name}`);
    return table;
  };

  const readOne = (read: Read<T>): unknown => {
    if ('get' in read) return tableOf(read.get).get(read.key);
    if ('getMany' in read) return read.keys.map((key) => tableOf(read.getMany).get(key));
    if ('list' in read) return tableOf(read.list).list(read, read.limit, read.reverse ?? false);
    return tableOf(read.count).count(read);
  };

  const readAll = <const R extends Reads<T>>(reads: R): Rows<T, R> => {
    const rows: { [name: string]: unknown } = {};
    for (const [name, read] of Object.entries(reads)) rows[name] = readOne(read);
    return rows as { readonly [N in keyof R]: ReadResult<T, R[N]> };
  };

  /** Nothing is applied before every write has proved to be possible. */
  const writeAll = (writes: readonly Write<T>[]): void => {
    const apply = writes.map((write) => {
      if ('put' in write) return tableOf(write.put).preparePut(write.row);
      if ('delete' in write) return tableOf(write.delete).prepareDelete(write.key);
      return tableOf(write.deleteRange).prepareDeleteRange(write);
    });
    for (const step of apply) step();
  };

  const unlessClosed = async <V>(run: () => V): Promise<Result<V, KvError>> => {
    // Never in the caller's own turn, as with a real database.
    await null;
    if (closed) return err({ type: 'ConnectionLost', reason: 'closed' });
    return ok(run());
  };

  return {
    read: (reads) => unlessClosed(() => readAll(reads)),
    transact: (reads, body, _durability, guess) =>
      unlessClosed(() => {
        // There is nothing to wait for here; but nothing may come of the run over a guess, and so it has one here, too.
        if (guess) inVain(() => body(guess));
        const { writes, value } = body(readAll(reads));
        writeAll(writes);
        return value;
      }),
    close() {
      closed = true;
    },
    snapshot: () => new Map([...tables].map(([name, table]) => [name, table.snapshot()])),
  };
}

function inVain(run: () => unknown): void {
  try {
    run();
  } catch {
    // Over a wrong guess a body may fail. Over a right one it fails again, where it counts.
  }
}
