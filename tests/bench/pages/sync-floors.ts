/** What no sync of this shape can be faster than: the requests without a database, and the rows without a request. */
import { deleteDB } from 'idb';
import { startParts } from './parts.ts';
import { openRaw, putAll } from './raw.ts';
import { newId, sampleRow } from './sample-note.ts';

/** The store applies a pull in transactions of this many. */
const BATCH = 100;

export async function postFromMemory(count: number): Promise<number> {
  const { parts, end } = startParts();
  const ms = await parts.post(count);
  end();
  return ms;
}

export async function putRaw(count: number): Promise<number> {
  const name = `floor-${newId()}`;
  const raw = await openRaw(name);
  const puts = Array.from({ length: count }, (_, n) => ({ store: 'entities', row: sampleRow(n) }));
  const start = performance.now();
  for (let at = 0; at < count; at += BATCH) await putAll(raw, puts.slice(at, at + BATCH), 'strict');
  const ms = performance.now() - start;
  raw.close();
  await deleteDB(name);
  return ms;
}
