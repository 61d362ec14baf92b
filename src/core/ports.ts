/**
 * The seams: everything that the core, the store and the sync ask of the world. Each has a real adapter, and one in the
 * simulation that can stop, lose, repeat and kill.
 */
import type { KvError } from './errors.ts';
import type { Result } from './result.ts';
import type { StopSignal } from './stop.ts';

export interface Clock {
  /** Wall time in ms since 1970. May jump. */
  now(): number;
  /** Calls `fire` once after `ms`, unless the returned function was called before. */
  setTimer(ms: number, fire: () => void): () => void;
}

/** A clock that also knows how much time has passed, however the wall's time was changed meanwhile. */
export interface SteadyClock extends Clock {
  /** Milliseconds since some moment: only differences mean anything. It may stop while the machine sleeps. */
  steady(): number;
}

export interface Random {
  bytes(length: number): Uint8Array;
  /** A number in [0, 1), for jitter. */
  fraction(): number;
}

/** A value that a key or an index can hold. Arrays compare element by element, numbers before strings, as in IndexedDB. */
export type KeyPart = string | number;
export type Key = KeyPart | readonly KeyPart[];

/** The bounds of a range over a store's keys or over one of its indexes. */
export interface KeyRange {
  readonly index?: string;
  readonly lower?: Key;
  readonly upper?: Key;
  readonly lowerOpen?: boolean;
  readonly upperOpen?: boolean;
}

/** The stores of a database: row type by store name. */
export type Tables = { readonly [store: string]: object };

/** A read that a transaction declares before it runs. */
export type Read<T extends Tables> = {
  [S in keyof T & string]:
    | { readonly get: S; readonly key: Key }
    | { readonly getMany: S; readonly keys: readonly Key[] }
    | ({ readonly list: S; readonly limit: number; readonly reverse?: boolean } & KeyRange)
    | ({ readonly count: S } & KeyRange);
}[keyof T & string];

/** What a declared read becomes: a row or undefined, one of these for each key, rows in order, or a number. */
export type ReadResult<T extends Tables, R> = R extends { readonly get: infer S extends keyof T }
  ? T[S] | undefined
  : R extends { readonly getMany: infer S extends keyof T }
    ? readonly (T[S] | undefined)[]
    : R extends { readonly list: infer S extends keyof T }
      ? readonly T[S][]
      : number;

export type Reads<T extends Tables> = { readonly [name: string]: Read<T> };
export type Rows<T extends Tables, R extends Reads<T>> = { readonly [N in keyof R]: ReadResult<T, R[N]> };

/**
 * A write that a transaction's body answers with. Keys are in the rows (see the schema's key paths). `deleteRange` takes
 * every row from key `lower` to key `upper`, both included: one request where single deletions are one for each row.
 */
export type Write<T extends Tables> = {
  [S in keyof T & string]:
    | { readonly put: S; readonly row: T[S] }
    | { readonly delete: S; readonly key: Key }
    | { readonly deleteRange: S; readonly lower: Key; readonly upper: Key };
}[keyof T & string];

/** `strict` has reached the disk when the transaction completes; `relaxed` has reached the operating system. */
export type Durability = 'strict' | 'relaxed';

/**
 * A transactional store of rows. The promise: `transact` reads what is declared, runs `body` over those rows, and
 * commits all of its writes or none; it resolves with `ok` only after the transaction has completed. The body is
 * synchronous, so that no `await` can be inside a transaction. A failed read is an error, never an empty result.
 * A body that throws writes nothing.
 *
 * `guess` is what the reads will most likely find, for reads of single rows (`get`) only. The writes then leave together with
 * the reads instead of after their answer, which saves a round trip; nothing is committed before the answer is in, and
 * where it is another than the guess, all of it is taken back and the body runs again over the rows as they are. So with a
 * guess the body may run twice and must be pure. Its result is the same with any guess and with none.
 */
export interface Kv<T extends Tables> {
  read<const R extends Reads<T>>(reads: R): Promise<Result<Rows<T, R>, KvError>>;
  transact<const R extends Reads<T>, V>(
    reads: R,
    body: (rows: Rows<T, R>) => { readonly writes: readonly Write<T>[]; readonly value: V },
    durability?: Durability,
    guess?: Rows<T, R>,
  ): Promise<Result<V, KvError>>;
  close(): void;
}

/** The shape of a database: key path and indexes by store. An index over a row that lacks one of its columns skips the row. */
export interface KvSchema<T extends Tables> {
  readonly stores: {
    readonly [S in keyof T & string]: {
      readonly key: readonly string[] | string;
      readonly indexes: { readonly [name: string]: readonly string[] | string };
    };
  };
}

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Given up when nothing has moved for so long. A body has the time that its size takes over a slow way on top. */
  readonly timeoutMs: number;
  /** Called when the request has left this context: from then on its sender has nothing to do for it but wait. */
  readonly onSent?: () => void;
}

/** `json` is undefined where the answer was not JSON. */
export interface TransportAnswer {
  readonly status: number;
  readonly json: unknown;
  readonly retryAfterMs: number | null;
}

/** Carries one request to the server of this origin. A request without an answer is an error value, never a throw. */
export interface Transport {
  request(request: TransportRequest): Promise<Result<TransportAnswer, { readonly reason: string; readonly timedOut?: boolean }>>;
}

export interface BytesRequest {
  readonly method: 'HEAD' | 'PUT' | 'GET';
  readonly path: string;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** The body is text: it travels compressed, where this context can do that. */
  readonly isText?: boolean;
  /** With GET: the bytes from this offset on. */
  readonly from?: number;
  /** As in `TransportRequest`. */
  readonly timeoutMs: number;
  /** Ends the request, and the bytes of its answer. */
  readonly signal?: StopSignal;
}

export interface BytesAnswer {
  readonly status: number;
  /** `Upload-Offset`: how many bytes of an upload are there. */
  readonly offset: number | null;
  /** How many bytes the blob has: `Upload-Length`, or the length of what a GET gives; null where neither is said. */
  readonly size: number | null;
  /** What a refusal says; undefined where that was not JSON. */
  readonly json: unknown;
  readonly retryAfterMs: number | null;
  /** The bytes of a GET. It throws where nothing moves for too long, or the connection breaks. */
  readonly body: AsyncIterable<Uint8Array<ArrayBuffer>> | null;
}

/** Carries bytes as they are, to and from the server of this origin. */
export interface BytesTransport {
  requestBytes(request: BytesRequest): Promise<Result<BytesAnswer, { readonly reason: string; readonly timedOut?: boolean }>>;
}

export interface Locks {
  /**
   * Runs `body` while holding the exclusive lock `name`, waiting for it. With `ifAvailable`, gives undefined at once
   * when another holds it.
   */
  hold<V>(name: string, body: () => Promise<V>, options?: { readonly ifAvailable?: boolean }): Promise<V | undefined>;
}

/** Tells every context of this origin, the sender's own excepted. Losing a message must be harmless. */
export interface Channel<M> {
  post(message: M): void;
  onMessage(listener: (message: M) => void): () => void;
}
