/** The little that the benchmarks call of packages that ship no types. */
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

  interface ExpressRequest {
    readonly body: unknown;
    readonly query: Readonly<Record<string, string | undefined>>;
  }
  interface ExpressResponse {
    json(body: unknown): void;
  }
  type Handler = (request: ExpressRequest, response: ExpressResponse) => void;
  interface Express extends RequestListener {
    disable(setting: string): void;
    use(handler: object): void;
    use(path: string, handler: object): void;
    get(path: string, handler: Handler): void;
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
