/** The product's own search worker over a workspace with very many notes and messages, as its page meets it. */
import { createSearchClient } from '#app/search/search-client.ts';
import { spawnSearchWorker } from '#app/search/spawn-search-worker.ts';
import { typedReads } from '#app/typed-views.ts';
import { ledger } from '#entities/index.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { createDraft } from '#store/draft/draft.ts';
import { asCounters, COUNTERS } from '#store/schema/context.ts';
import type { EntityRow } from '#store/schema/schema.ts';
import { openSearchDatabase } from '#store/schema/search-database.ts';
import { openActive } from '#store/workspace.ts';
import { createListLookup } from '#ui/search/list-lookup.ts';
import type { Series } from './bench-api.ts';
import { must } from './product.ts';
import { newId, sampleRow } from './sample-note.ts';
import { createSampleText } from './sample-text.ts';
import { type Contender, takeTurns } from './turns.ts';

const FILL_BATCH = 500;
const WORDS = 120;
const MESSAGES = 20;
const HITS = 20;

const sample = createSampleText();

/** Half notes, half messages, a chat for each twenty of those. */
function rowOf(n: number, chatId: string): EntityRow {
  const row = sampleRow(n);
  if (n % 2 === 0) return { ...row, fields: { title: sample.text(4), text: sample.text(WORDS), tags: [sample.text(1)] } };
  if (n % (2 * MESSAGES) === 1) return { ...row, kind: 'chat', id: chatId, fields: { title: sample.text(4), tags: [] } };
  return { ...row, kind: 'message', fields: { chatId, text: sample.text(WORDS) }, parent: chatId, sort: row.id };
}

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };

async function fill(count: number): Promise<string> {
  const { kv, row, close } = must(await openActive(ports, { deviceName: 'bench' }));
  const context = { ledger, clock: systemClock, random: systemRandom, deviceId: row.deviceId };
  let chatId = '';
  for (let done = 0; done < count; done += FILL_BATCH) {
    const rows = Array.from({ length: Math.min(FILL_BATCH, count - done) }, (_, index) => {
      if ((done + index) % (2 * MESSAGES) === 1) chatId = newId(done + index);
      return rowOf(done + index, chatId);
    });
    const written = await kv.transact(
      { state: COUNTERS },
      ({ state }) => {
        const draft = createDraft(context, asCounters(state));
        for (const one of rows) draft.put(one, undefined, { pending: false });
        return { writes: draft.finish(true).writes, value: undefined };
      },
      'relaxed',
    );
    must(written);
  }
  close();
  return row.id;
}

export async function runSearch(rounds: number, count: number): Promise<readonly Series[]> {
  const workspaceId = await fill(count);
  const start = () => createSearchClient({ spawn: spawnSearchWorker, workspaceId, clock: systemClock });
  const find = async (client: ReturnType<typeof start>, text: string): Promise<void> => {
    must(await client.find({ text, limit: HITS }));
  };
  const isReady = (client: ReturnType<typeof start>) =>
    new Promise<void>((resolve) => {
      client.state.subscribe(({ type }) => type === 'ready' && resolve());
    });

  const once = async (name: string, what: string): Promise<Series & { readonly client: ReturnType<typeof start> }> => {
    const before = performance.now();
    const client = start();
    await find(client, '');
    await isReady(client);
    return { name, what, durability: '–', samples: [performance.now() - before], client };
  };
  const { client: first, ...made } = await once('made', `making the index of ${count.toLocaleString('en')} documents`);
  const database = await openSearchDatabase(workspaceId, systemClock);
  while ((await database.load()) === null) await new Promise((resolve) => setTimeout(resolve, 500));
  const { client: second, ...loaded } = await once('loaded', 'the next start: loading the kept index');
  await find(first, '');

  const { vocabulary } = sample;
  /** Other words in each round, between the common and the very rare. */
  const word = (round: number, step = 37): string => vocabulary[200 + ((Math.abs(round) * step) % 5000)] ?? '';
  const misspelt = (text: string): string => `${text.slice(0, 2)}x${text.slice(3)}`;
  const query = (name: string, what: string, textOf: (round: number) => string): Contender => ({
    name,
    what: `query: ${what}`,
    durability: '–',
    run: (round) => find(second, textOf(round)),
  });
  const active = must(await openActive(ports, { deviceName: 'bench' }));
  const lookup = createListLookup({ search: async () => second, ...typedReads(active.store) }, 'note');
  const narrowed = async (text: string): Promise<void> => {
    let found = 0;
    await lookup.look(text, (views) => {
      found = views.length;
      return false;
    });
    if (found === 0) throw new Error(`no note holds “${text}”`);
  };
  const series = await takeTurns(
    [
      query('word', 'one word', (round) => word(round)),
      query('beginning', 'the first three letters of a word', (round) => word(round).slice(0, 3)),
      query('misspelt', 'a longer word with a wrong letter', (round) => misspelt(vocabulary[9000 + Math.abs(round) * 31] ?? '')),
      query('two', 'two words', (round) => `${word(round)} ${word(round, 53)}`),
      query(
        'three',
        'three words, the last one half typed',
        (round) => `${word(round)} ${word(round, 53)} ${word(round, 71).slice(0, 3)}`,
      ),
      query('common', 'one of the ten most common words', (round) => vocabulary[Math.abs(round) % 10] ?? ''),
      {
        name: 'list',
        what: 'the list of notes narrowed to a word: its first screen of rows',
        durability: '–',
        run: (round: number) => narrowed(word(round)),
      },
    ],
    rounds,
  );
  active.close();
  lookup.close();
  return [made, loaded, ...series];
}
