/** The first screen of a list, in a store that has just been opened. */
import { openDB } from 'idb';
import { workspaceName } from '#store/accounts/registry.ts';
import type { Series } from './bench-api.ts';
import { startParts } from './parts.ts';
import { newId } from './sample-note.ts';
import { takeTurns } from './turns.ts';

const ROWS = 50;

export async function runList(rounds: number, few: number, many: number): Promise<readonly Series[]> {
  const filler = startParts();
  const [small, large] = [newId(), newId()];
  await filler.parts.fill(small, few, false);
  await filler.parts.fill(large, many, false);
  filler.end();

  /** A worker of its own for each round: nothing is warm but the operating system's cache. */
  const firstRows = async (id: string) => {
    const { parts, end } = startParts();
    const answer = await parts.firstRows(id, ROWS);
    end();
    return answer;
  };
  const rawRows = async (id: string): Promise<number> => {
    const db = await openDB(workspaceName(id));
    const start = performance.now();
    const range = IDBKeyRange.bound(['note', 0], ['note', 0, '\uffff']);
    const rows: unknown[] = [];
    let cursor = await db.transaction('entities').store.index('byPlace').openCursor(range, 'prev');
    while (cursor && rows.push(cursor.value) < ROWS) cursor = await cursor.continue();
    const ms = performance.now() - start;
    db.close();
    return ms;
  };
  const at = (notes: number): string => `${notes.toLocaleString('en')} notes`;
  return takeTurns(
    [
      [small, few],
      [large, many],
    ].flatMap(([id, count]) => [
      {
        name: `list-${count}`,
        what: `Holdfast: first ${ROWS} rows of ${at(Number(count))}, store open`,
        durability: '–',
        timesItself: true,
        run: async () => (await firstRows(String(id))).listMs,
      },
      {
        name: `open-${count}`,
        what: `Holdfast: opening the database with ${at(Number(count))}`,
        durability: '–',
        timesItself: true,
        run: async () => (await firstRows(String(id))).openMs,
      },
      {
        name: `raw-${count}`,
        what: `raw idb: the same ${ROWS} rows of ${at(Number(count))} by a cursor`,
        durability: '–',
        timesItself: true,
        run: () => rawRows(String(id)),
      },
    ]),
    rounds,
  );
}
