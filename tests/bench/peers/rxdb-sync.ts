/** RxDB's replication over HTTP, with the handlers of its documentation (rxdb.info/replication-http.html). */
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { openRxdb, type SampleDocument } from './databases.ts';

/** The product's own: 500 ops to a push, 1,000 changes to a pull. */
const PUSH_BATCH = 500;
const PULL_BATCH = 1000;

interface Checkpoint {
  readonly id: string;
  readonly updatedAt: number;
}

type Collection = Awaited<ReturnType<typeof openRxdb>>['notes'];

const post = async (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

async function replicate(notes: Collection, remote: string, direction: 'push' | 'pull'): Promise<void> {
  const state = replicateRxCollection<Checkpoint>({
    collection: notes,
    replicationIdentifier: `${direction}-${remote}`,
    live: false,
    ...(direction === 'push'
      ? { push: { batchSize: PUSH_BATCH, handler: async (rows) => (await post(`${remote}/push`, rows)).json() } }
      : {
          pull: {
            batchSize: PULL_BATCH,
            async handler(checkpoint, batchSize) {
              const { id = '', updatedAt = 0 } = checkpoint ?? {};
              const query = new URLSearchParams({ id, updatedAt: String(updatedAt), limit: String(batchSize) });
              return (await fetch(`${remote}/pull?${query}`)).json();
            },
          },
        }),
  });
  state.error$.subscribe((error) => console.error('replication', error));
  await state.awaitInitialReplication();
}

export async function fillRxdb(name: string, documents: readonly SampleDocument[]): Promise<void> {
  const { db, notes } = await openRxdb(name);
  await notes.bulkInsert(documents);
  await db.close();
}

export async function pushRxdb(name: string, remote: string): Promise<number> {
  const { db, notes } = await openRxdb(name);
  const start = performance.now();
  await replicate(notes, remote, 'push');
  const ms = performance.now() - start;
  await db.close();
  return ms;
}

export async function pullRxdb(name: string, remote: string): Promise<{ ms: number; count: number }> {
  const { db, notes } = await openRxdb(name);
  const start = performance.now();
  await replicate(notes, remote, 'pull');
  const ms = performance.now() - start;
  const count = await notes.count().exec();
  await db.close();
  return { ms, count };
}
