/** A hand of the test in the database of the open workspace, for what no screen shows and no person can do. */
import type { Page } from '@playwright/test';

interface OutboxFacts {
  readonly kind: string;
  readonly state: string;
  readonly holdUntil: number;
}

/** The kinds of the outbox rows that have been sent and have no answer yet. */
export const readSentKinds = async (page: Page): Promise<string[]> =>
  (await readOutbox(page)).filter(({ state }) => state === 'sent').map(({ kind }) => kind);

/** What waits to be sent. */
export const readOutbox = (page: Page): Promise<OutboxFacts[]> =>
  page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
    return new Promise<OutboxFacts[]>((resolve, reject) => {
      const opening = indexedDB.open(name as string);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction('outbox');
        const rows = transaction.objectStore('outbox').getAll();
        transaction.oncomplete = () => {
          opening.result.close();
          resolve(rows.result.map(({ kind, state, holdUntil }) => ({ kind, state, holdUntil })));
        };
      };
    });
  });

/**
 * Holds a transaction open, as a frozen tab does: every save waits for it. The returned function lets it go. It belongs
 * to the page, so a reload lets it go, too.
 */
export async function holdWrites(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open(name as string);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const entities = opening.result.transaction('entities', 'readwrite').objectStore('entities');
        let held = true;
        // A transaction lives as long as it has something to do.
        const goOn = (): void => {
          if (held) entities.count().onsuccess = goOn;
          else opening.result.close();
          resolve();
        };
        goOn();
        Object.assign(globalThis, { releaseWrites: () => (held = false) });
      };
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { releaseWrites: () => void }).releaseWrites());
}

/** Writes `count` copies of the only note into the open workspace: as if a person had written each, and none was sent. */
export const multiplyNote = (page: Page, count: number): Promise<void> =>
  page.evaluate(async (copies) => {
    const { name } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open(name as string);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const database = opening.result;
        const transaction = database.transaction(['entities', 'outbox', 'meta'], 'readwrite');
        const [entities, outbox, meta] = ['entities', 'outbox', 'meta'].map((store) => transaction.objectStore(store));
        transaction.onabort = () => reject(transaction.error);
        transaction.oncomplete = () => {
          database.close();
          resolve();
        };
        if (!entities || !outbox || !meta) return;
        const notes = entities.getAll(IDBKeyRange.bound(['note'], ['note', '\uffff']));
        const state = meta.get('state');
        state.onsuccess = () => {
          const [note] = notes.result;
          let { localSeq, lastOrder = localSeq } = state.result;
          for (let copy = 1; copy <= copies; copy++) {
            const id = `${note.id.slice(0, -6)}${copy.toString(16).padStart(6, '0')}`;
            const opId = `${note.id.slice(0, -7)}f${copy.toString(16).padStart(6, '0')}`;
            localSeq += 1;
            lastOrder += 1;
            const fields = { ...note.fields, title: `Copy ${copy}` };
            entities.put({
              ...note,
              id,
              fields,
              localSeq,
              saves: [],
              version: null,
              lineage: [],
              sent: null,
              queued: opId,
              queuedOrder: lastOrder,
            });
            outbox.put({
              opId,
              kind: 'note',
              id,
              state: 'queued',
              order: lastOrder,
              queuedAt: Date.now(),
              holdUntil: 0,
              op: null,
              bytes: note.bytes,
            });
          }
          meta.put({ ...state.result, localSeq, lastOrder });
        };
      };
    });
  }, count);

/** A newer version of the app, in another tab, takes the database over: nothing can be saved in this tab any more. */
export const outdate = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const known = (await indexedDB.databases()).filter(({ name }) => /^holdfast-(ws|journal)-/.test(name ?? ''));
    const raise = ({ name, version }: IDBDatabaseInfo): Promise<void> =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open(name ?? '', (version ?? 0) + 1);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
      });
    await Promise.all(known.map(raise));
  });

/** Writes each note again as a row with these members, its last kept revision `agedMs` earlier. */
const putNotes = (page: Page, members: Readonly<Record<string, string | number | null>>, agedMs = 0): Promise<void> =>
  page.evaluate(
    async ({ given, aged }) => {
      const { name } = (await indexedDB.databases()).find((database) => database.name?.startsWith('holdfast-ws-')) ?? {};
      await new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(name as string);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('entities', 'readwrite');
          const entities = transaction.objectStore('entities');
          const notes = entities.getAll(IDBKeyRange.bound(['note'], ['note', []]));
          notes.onsuccess = () => {
            for (const note of notes.result) entities.put({ ...note, snapshotAt: note.snapshotAt - aged, ...given });
          };
          transaction.onabort = () => reject(transaction.error);
          transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      });
    },
    { given: members, aged: agedMs },
  );

/** Puts a copy of the only note into the bin of a kind that this app does not know. */
export const copyNoteAs = (page: Page, kind: string): Promise<void> =>
  putNotes(page, { kind, place: 1, queued: null, sent: null });

/** As if two minutes had passed since the last revision of each note was kept: the next edit keeps one. Counts after a reload. */
export const ageRevisions = (page: Page): Promise<void> => putNotes(page, {}, 120_000);
