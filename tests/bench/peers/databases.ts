/** The peers as their own documentation opens them. */
import Dexie from 'dexie';
import PouchDB from 'pouchdb/dist/pouchdb.js';
import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';

/** Dexie with the stores of a note and its pending change. Its own default is relaxed. */
export function openDexie(name: string, durability: 'strict' | 'relaxed'): Dexie {
  const db = new Dexie(name, { chromeTransactionDurability: durability });
  db.version(1).stores({
    entities: '[kind+id],[kind+place+sort+id],[parent+sort+id],localSeq',
    outbox: 'opId,[state+order]',
    meta: 'key',
  });
  return db;
}

const noteSchema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    title: { type: 'string' },
    text: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    updatedAt: { type: 'number', minimum: 0, maximum: 9_999_999_999_999, multipleOf: 1 },
  },
  required: ['id', 'title', 'text', 'tags', 'updatedAt'],
  indexes: ['updatedAt'],
} as const;

/** RxDB over its Dexie storage, one collection of notes. No schema validation, which it leaves out in production. */
export async function openRxdb(name: string) {
  const db = await createRxDatabase<'notes'>({ name, storage: getRxStorageDexie(), multiInstance: false, eventReduce: true });
  const { notes } = await db.addCollections({ notes: { schema: noteSchema } });
  return { db, notes };
}

/** A note as the peers take it. Whoever fills a database makes them, so that this package imports nothing of the product. */
export interface SampleDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly updatedAt: number;
}

export interface PouchDocument {
  readonly _id: string;
}

/** PouchDB over its IndexedDB adapter; a revision history of one, as an app without conflicts needs it. */
export const openPouch = (name: string) => new PouchDB(name, { adapter: 'idb', auto_compaction: true, revs_limit: 1 });

/** A document under PouchDB's name for its key. */
export const toPouch = ({ id, ...rest }: { readonly id: string }): PouchDocument => ({ _id: id, ...rest });

export { PouchDB };
