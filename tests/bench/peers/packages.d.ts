/**
 * The little that the benchmarks call of the peers. Types of our own, also where a package ships some: the types are
 * checked on machines that have not installed the peers.
 */
declare module 'dexie' {
  interface DexieTable {
    put(row: object): Promise<unknown>;
    bulkPut(rows: readonly object[]): Promise<unknown>;
  }
  class Dexie {
    constructor(name: string, options: { readonly chromeTransactionDurability: 'strict' | 'relaxed' });
    version(number: number): { stores(indexes: Readonly<Record<string, string>>): void };
    table(name: string): DexieTable;
    transaction(mode: 'rw', tables: readonly string[], body: () => Promise<unknown>): Promise<unknown>;
    open(): Promise<unknown>;
    delete(): Promise<void>;
  }
  export = Dexie;
}

declare module 'rxdb/plugins/core' {
  export interface RxCollection {
    insert(document: object): Promise<unknown>;
    bulkInsert(documents: readonly object[]): Promise<unknown>;
    count(): { exec(): Promise<number> };
  }
  export interface RxDatabase<Name extends string> {
    addCollections(schemas: Readonly<Record<Name, { readonly schema: object }>>): Promise<Readonly<Record<Name, RxCollection>>>;
    close(): Promise<unknown>;
    remove(): Promise<unknown>;
  }
  export function createRxDatabase<Name extends string>(options: {
    readonly name: string;
    readonly storage: object;
    readonly multiInstance: boolean;
    readonly eventReduce: boolean;
  }): Promise<RxDatabase<Name>>;
}

declare module 'rxdb/plugins/storage-dexie' {
  export function getRxStorageDexie(): object;
}

declare module 'rxdb/plugins/replication' {
  import type { RxCollection } from 'rxdb/plugins/core';

  export function replicateRxCollection<Checkpoint>(options: {
    readonly collection: RxCollection;
    readonly replicationIdentifier: string;
    readonly live: boolean;
    readonly push?: { readonly batchSize: number; handler(rows: readonly object[]): Promise<unknown> };
    readonly pull?: {
      readonly batchSize: number;
      handler(checkpoint: Checkpoint | undefined, batchSize: number): Promise<unknown>;
    };
  }): {
    readonly error$: { subscribe(listener: (error: unknown) => void): unknown };
    awaitInitialReplication(): Promise<void>;
  };
}

declare module 'pouchdb/dist/pouchdb.js' {
  interface ReplicationResult {
    readonly ok: boolean;
    readonly doc_write_failures: number;
  }
  interface ReplicationOptions {
    readonly batch_size?: number;
    readonly batches_limit?: number;
  }
  class PouchDB {
    static defaults(options: object): typeof PouchDB;
    constructor(name: string, options?: object);
    put(document: object): Promise<{ readonly ok: boolean }>;
    bulkDocs(documents: readonly object[]): Promise<readonly { readonly ok?: boolean }[]>;
    info(): Promise<{ readonly doc_count: number }>;
    replicate: {
      to(remote: PouchDB, options?: ReplicationOptions): Promise<ReplicationResult>;
      from(remote: PouchDB, options?: ReplicationOptions): Promise<ReplicationResult>;
    };
    close(): Promise<void>;
    destroy(): Promise<void>;
  }
  export = PouchDB;
}

declare module 'pouchdb' {
  import PouchDB from 'pouchdb/dist/pouchdb.js';
  export = PouchDB;
}

declare module 'express' {
  import type { RequestListener } from 'node:http';

  interface ExpressRequest extends AsyncIterable<Uint8Array> {
    readonly body: unknown;
    readonly query: Readonly<Record<string, string | undefined>>;
  }
  interface ExpressResponse {
    json(body: unknown): void;
    end(): void;
  }
  type Handler = (request: ExpressRequest, response: ExpressResponse) => unknown;
  interface Express extends RequestListener {
    disable(setting: string): void;
    use(handler: object): void;
    use(path: string, handler: object): void;
    get(path: string, handler: Handler): void;
    put(path: string, handler: Handler): void;
    post(path: string, parser: object, handler: Handler): void;
  }
  interface Factory {
    (): Express;
    json(options: object): object;
    static(folder: string): object;
  }
  const express: Factory;
  export = express;
}

declare module 'express-pouchdb' {
  const expressPouch: (database: unknown, options: object) => object;
  export = expressPouch;
}
