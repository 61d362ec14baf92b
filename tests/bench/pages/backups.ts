/** Backups in this browser, with the product's own store worker and the worker that it starts. */
import { must, startProduct } from './product.ts';
import { newId } from './sample-note.ts';

const { client } = startProduct();

export async function backUp(): Promise<{ readonly ms: number; readonly bytes: number; readonly records: number }> {
  must(await client.opened());
  const start = performance.now();
  const { id, records } = must(await client.backUpNow('asked'));
  const ms = performance.now() - start;
  // So that none of them makes room for another.
  must(await client.pinBackup(id, null));
  const { backups } = must(await client.usage());
  return { ms, bytes: backups.bytes, records };
}

export async function changeNotes(count: number): Promise<void> {
  must(await client.opened());
  const { items } = must(await client.list({ kind: 'note', limit: count * 50 }));
  // Spread over all of them, as a person's are.
  for (const { id, fields, localSeq } of items.filter((_, at) => at % 50 === 0)) {
    const patch = { text: `${fields.text} Changed ${newId()}.` };
    must(await client.save({ kind: 'note', id, patch, base: { text: fields.text ?? '' }, baseSeq: localSeq, saveId: newId() }));
  }
}
