/** One save: the entity and what belongs to it, until it is said to be safe. */

import { openDexie, openPouch, openRxdb, toPouch } from '#bench-peers/databases.ts';
import { COPY_CHANNEL, type CopyNews } from '#core/channels.ts';
import type { Series } from './bench-api.ts';
import { startParts } from './parts.ts';
import { must, startProduct } from './product.ts';
import { openRaw, putAll } from './raw.ts';
import { newId, sampleDocument, sampleNote, sampleOutboxRow, sampleRow, sampleState } from './sample-note.ts';
import { type Contender, takeTurns } from './turns.ts';

const puts = (round: number) => {
  const row = sampleRow(round + 1000);
  return [
    { store: 'entities', row },
    { store: 'outbox', row: sampleOutboxRow(row) },
    { store: 'meta', row: sampleState(row) },
  ];
};

export async function runSave(rounds: number): Promise<readonly Series[]> {
  const raw = await openRaw('raw-save');
  const { client, end } = startProduct();
  const { parts, end: endParts } = startParts();
  must(await client.opened());
  const dexie = openDexie('dexie-save', 'strict');
  const rx = await openRxdb('rxdb-save');
  const pouch = openPouch('pouch-save');

  const edited = newId();
  let was = { text: 'first' };
  let builtOn = must(await client.save({ kind: 'note', id: edited, patch: was, base: {}, baseSeq: 0, saveId: newId() })).entity
    .localSeq;

  const contenders: readonly Contender[] = [
    {
      name: 'raw',
      what: 'raw idb: entity, outbox row and counters in one transaction',
      durability: 'strict',
      run: (round) => putAll(raw, puts(round), 'strict'),
    },
    {
      name: 'save',
      what: 'Holdfast: a new note through Comlink and the store worker',
      durability: 'strict',
      run: async (round) =>
        must(
          await client.save({
            kind: 'note',
            id: newId(round),
            patch: { ...sampleNote(round) },
            base: {},
            baseSeq: 0,
            saveId: newId(),
          }),
        ),
    },
    {
      name: 'edit',
      what: 'Holdfast: an edit of a note that is there',
      durability: 'strict',
      async run(round) {
        const patch = { text: sampleNote(round).text };
        const { entity } = must(
          await client.save({ kind: 'note', id: edited, patch, base: was, baseSeq: builtOn, saveId: newId() }),
        );
        was = patch;
        builtOn = entity.localSeq;
      },
    },
    {
      name: 'inside',
      what: 'Holdfast: the same new note, timed inside a worker: no message',
      durability: 'strict',
      timesItself: true,
      run: (round) => parts.save(round),
    },
    {
      name: 'echo',
      what: 'Comlink: the note to a worker and back, no database',
      durability: '–',
      run: (round) => parts.echo({ patch: { ...sampleNote(round) } }),
    },
    {
      name: 'raw-reads',
      what: 'raw idb: reading the row and the counters first, then the three puts, in one transaction',
      durability: 'strict',
      async run(round) {
        const written = puts(round);
        const transaction = raw.transaction(['entities', 'outbox', 'meta'], 'readwrite', { durability: 'strict' });
        await Promise.all([
          transaction.objectStore('entities').get(['note', newId()]),
          transaction.objectStore('meta').get('state'),
        ]);
        for (const { store, row } of written) void transaction.objectStore(store).put(row);
        transaction.commit();
        await transaction.done;
      },
    },
    {
      name: 'dexie',
      what: 'Dexie: the same three puts in one transaction',
      durability: 'strict',
      run: (round) =>
        dexie.transaction('rw', ['entities', 'outbox', 'meta'], () =>
          Promise.all(puts(round).map(({ store, row }) => dexie.table(store).put(row))),
        ),
    },
    {
      name: 'rxdb',
      what: 'RxDB on Dexie: `insert` of the note alone',
      durability: 'relaxed',
      run: (round) => rx.notes.insert(sampleDocument(round + 1000)),
    },
    {
      name: 'pouchdb',
      what: 'PouchDB: `put` of the note alone',
      durability: 'relaxed',
      run: (round) => pouch.put(toPouch(sampleDocument(round + 1000))),
    },
    {
      name: 'raw-relaxed',
      what: 'raw idb: the note alone',
      durability: 'relaxed',
      run: (round) => putAll(raw, puts(round).slice(0, 1), 'relaxed'),
    },
  ];
  const series = await takeTurns(contenders, rounds);
  end();
  endParts();
  return [...series, ...(await runBesideCopy(rounds))];
}

const BLOCKS = 4;
/** The copy is begun behind the opening of the store. */
const COPY_BEGINS_MS = 1000;

/**
 * The same save while the second copy follows, and while it does not. A worker that has let go of the copy does not begin it again:
 * so workers take turns, each for a part of the rounds.
 */
async function runBesideCopy(rounds: number): Promise<readonly Series[]> {
  const copies = new BroadcastChannel(COPY_CHANNEL);
  const release: CopyNews = { type: 'release', workspaceId: null };
  const sides = [
    { name: 'copied', what: 'Holdfast: a new note, followed by the second copy', isCopied: true },
    { name: 'uncopied', what: 'Holdfast: a new note, without a second copy', isCopied: false },
  ].map((side) => ({ ...side, samples: [] as number[] }));
  for (let block = 0; block < BLOCKS; block++) {
    for (const { name, what, isCopied, samples } of sides) {
      const { client, end } = startProduct();
      must(await client.opened());
      await new Promise((resolve) => setTimeout(resolve, COPY_BEGINS_MS));
      if (!isCopied) copies.postMessage(release);
      const save: Contender = {
        name,
        what,
        durability: 'strict',
        run: async () =>
          must(
            await client.save({ kind: 'note', id: newId(), patch: { ...sampleNote(0) }, base: {}, baseSeq: 0, saveId: newId() }),
          ),
      };
      const [series] = await takeTurns([save], Math.ceil(rounds / BLOCKS));
      samples.push(...(series?.samples ?? []));
      end();
    }
  }
  copies.close();
  return sides.map(({ name, what, samples }) => ({ name, what, durability: 'strict', samples }));
}
