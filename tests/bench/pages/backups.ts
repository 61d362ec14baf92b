/** Backups in this browser, with the product's own store worker and the worker that it starts. */
import type { BackupProgress } from '#core/backups.ts';
import { blobReference } from '#core/blobs.ts';
import type { Told } from './bench-api.ts';
import { randomFile } from './files.ts';
import { must, startProduct } from './product.ts';
import { newId } from './sample-note.ts';

const { client } = startProduct();

/** Runs a call and counts what a progress bar would show of it. */
async function watched<V>(
  call: (watch: (progress: BackupProgress) => void) => Promise<V>,
): Promise<Told & { readonly value: V }> {
  const start = performance.now();
  let [told, longestMs, last, shown] = [0, 0, start, ''];
  const value = await call(({ phase, done }) => {
    const now = performance.now();
    if (`${phase} ${done}` === shown) return;
    shown = `${phase} ${done}`;
    told += 1;
    longestMs = Math.max(longestMs, now - last);
    last = now;
  });
  const end = performance.now();
  return { ms: end - start, told, longestMs: Math.max(longestMs, end - last), value };
}

const newest = async () => {
  const { backups } = must(await client.backups());
  const [first] = backups;
  if (!first) throw new Error('there is no backup');
  return first;
};

export async function backUp() {
  must(await client.opened());
  const { value, ...told } = await watched((watch) => client.backUpNow('asked', watch));
  const { id, records } = must(value);
  // So that none of them makes room for another.
  must(await client.pinBackup(id, null));
  const { backups } = must(await client.usage());
  return { ...told, bytes: backups.bytes, records };
}

export async function addFiles(count: number, size: number): Promise<void> {
  must(await client.opened());
  for (let n = 0; n < count; n++) {
    const { hash } = must(await client.putBlob(randomFile(size), { type: 'application/pdf' }));
    const patch = { title: `File ${n}`, text: `[file](${blobReference(hash, 'pdf')})` };
    must(await client.save({ kind: 'note', id: newId(), patch, base: {}, baseSeq: 0, saveId: newId() }));
  }
}

export async function download() {
  must(await client.opened());
  const { id } = await newest();
  const { value, ...told } = await watched((watch) => client.downloadBackup(id, { form: 'zip' }, watch));
  const { blob, files, missing } = must(value);
  if (!blob) throw new Error('no file');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = 'backup.zip';
  link.click();
  return { ...told, bytes: blob.size, files, missing };
}

export async function bringPicked() {
  must(await client.opened());
  const file = document.querySelector<HTMLInputElement>('#picked')?.files?.[0];
  if (!file) throw new Error('nothing was picked');
  const { value, ...told } = await watched((watch) => client.bringFile(file, {}, watch));
  const brought = must(value);
  if (brought.type !== 'brought') throw new Error(JSON.stringify(brought));
  return { ...told, records: brought.backup.records };
}

export async function restore() {
  const { id } = await newest();
  const { value, ...told } = await watched((watch) =>
    client.restoreBackup(id, { way: 'merge', skipNewer: false, only: null }, watch),
  );
  return { ...told, changed: must(value).changed };
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
