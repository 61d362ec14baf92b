/** Files on the device and on their way, with the product's own store worker; and the same bytes by a bare `fetch`. */
import { blobReference } from '#core/blobs.ts';
import { must, startProduct } from './product.ts';
import { newId } from './sample-note.ts';

/** `getRandomValues` gives no more at once. */
const RANDOM_BYTES = 65_536;

export function randomFile(size: number): Blob {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += RANDOM_BYTES) crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + RANDOM_BYTES)));
  return new Blob([bytes]);
}

const product = startProduct();
let isOpen: Promise<unknown> | null = null;
const open = (): Promise<unknown> => {
  isOpen ??= product.client.opened().then(must);
  return isOpen;
};

/** A file that nobody has seen, on the device and then on the server. Milliseconds from the beginning, each. */
export async function keepFile(size: number): Promise<{ readonly here: number; readonly there: number }> {
  await open();
  const { client } = product;
  const file = randomFile(size);
  const start = performance.now();
  const { hash } = must(await client.putBlob(file, { type: 'application/octet-stream' }));
  const here = performance.now() - start;
  must(await client.drain(true));
  for (;;) {
    const [known] = must(await client.blobInfo([hash]));
    if (known?.sent) return { here, there: performance.now() - start };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The account that `keepFile` sends to exists from then on. */
export async function makeAccount(): Promise<void> {
  await open();
  must(
    await product.client.save({ kind: 'note', id: newId(), patch: { title: 'First' }, base: {}, baseSeq: 0, saveId: newId() }),
  );
  must(await product.client.drain(true));
}

/** The same bytes, sent as they are to a server that writes them into a file and flushes it. Milliseconds. */
export async function sendBare(size: number): Promise<number> {
  const file = randomFile(size);
  const start = performance.now();
  const answer = await fetch('/bare', { method: 'PUT', body: file });
  if (!answer.ok) throw new Error(`bare upload: ${answer.status}`);
  return performance.now() - start;
}

async function smallPicture(hue: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(160, 120);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  for (let x = 0; x < 160; x += 4) {
    context.fillStyle = `hsl(${hue + x} 70% ${30 + (x % 40)}%)`;
    context.fillRect(x, 0, 4, 120);
  }
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
}

/** Notes that each show a picture of their own, which has a small one for lists. */
export async function fillPictures(count: number): Promise<void> {
  await open();
  const { client } = product;
  for (let n = 0; n < count; n++) {
    const picture = await smallPicture(n);
    const unlike = new Blob([picture, new Uint32Array([n])], { type: 'image/webp' });
    const { hash } = must(await client.putBlob(unlike, { type: 'image/webp', width: 160, height: 120 }));
    must(await client.putThumbnail(hash, picture));
    const patch = { title: `Picture ${n}`, text: `![${n}](${blobReference(hash, 'webp')})\n\nWords below it.` };
    must(await client.save({ kind: 'note', id: newId(), patch, base: {}, baseSeq: 0, saveId: newId() }));
  }
}
