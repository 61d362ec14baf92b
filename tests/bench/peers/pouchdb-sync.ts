/** PouchDB's replication with its own server. */
import { openPouch, PouchDB, type SampleDocument, toPouch } from './databases.ts';

/** Ten times its default: fewer requests, and faster here. */
const OPTIONS = { batch_size: 1000, batches_limit: 5 };

export async function fillPouch(name: string, documents: readonly SampleDocument[]): Promise<void> {
  const db = openPouch(name);
  await db.bulkDocs(documents.map(toPouch));
  await db.close();
}

export async function pushPouch(name: string, remote: string): Promise<number> {
  const db = openPouch(name);
  await db.info();
  const start = performance.now();
  const { ok, doc_write_failures: failures } = await db.replicate.to(new PouchDB(remote), OPTIONS);
  const ms = performance.now() - start;
  if (!ok || failures > 0) throw new Error(`replication failed: ${failures}`);
  await db.close();
  return ms;
}

export async function pullPouch(name: string, remote: string): Promise<{ ms: number; count: number }> {
  const db = openPouch(name);
  await db.info();
  const start = performance.now();
  await db.replicate.from(new PouchDB(remote), OPTIONS);
  const ms = performance.now() - start;
  const { doc_count: count } = await db.info();
  await db.close();
  return { ms, count };
}
