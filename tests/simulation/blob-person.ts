/** What a simulated person does with pictures and files: adds them, copies and takes out what refers to them, and looks at them. */
import { type BlobHash, blobReference, blobsIn } from '#core/blobs.ts';
import type { Bytes } from '#support/memory-server-blobs.ts';
import type { Product } from './adapters.ts';
import type { BlobOracle } from './blob-oracle.ts';
import type { Device } from './device.ts';
import type { Deed } from './plan.ts';
import { createPrng } from './prng.ts';
import type { Tab } from './tab.ts';

export type FileDeed = Extract<Deed, { readonly do: 'file-add' | 'file-out' | 'file-open' | 'file-copy' }>;
export type FileCareDeed = Extract<Deed, { readonly do: 'file-collect' | 'file-letgo' }>;

/** Larger than what is kept in a row. */
const LARGE = 66_000;
const CHUNKS = 3;

/** The bytes of the file number `file`: the same on every device. */
export function bytesOfFile(file: number, large: boolean): Bytes {
  const random = createPrng(`file ${file}`);
  const head = random.bytes(200 + random.below(300));
  if (!large) return new Uint8Array(head);
  const bytes = new Uint8Array(LARGE + file);
  bytes.set(head);
  return bytes;
}

async function* chunksOf(bytes: Bytes): AsyncGenerator<Bytes, void> {
  const step = Math.ceil(bytes.length / CHUNKS);
  for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step);
}

/** Gives the reference of a file whose bytes are kept; null where they could not be. */
export async function keepFile(tab: Tab, product: Product, { file, large }: Extract<FileDeed, { do: 'file-add' }>) {
  const bytes = bytesOfFile(file, large);
  const kept = await tab.callBlobs('add a file', ({ store }) => product.addFile(store, chunksOf(bytes)));
  return kept.ok ? blobReference(kept.value.hash, 'png') : null;
}

const PICTURE = /!\[[^\]]*\]\(files\/[0-9a-f]{64}\.png\)/g;

/** The picture in a text that a person points at; null where it has none. */
export function pictureIn(text: string, place: number): { readonly line: string; readonly hash: BlobHash } | null {
  const all = text.match(PICTURE) ?? [];
  const line = all[Math.min(all.length - 1, Math.floor(place * all.length))];
  return line === undefined ? null : { line, hash: blobsIn(line)[0] ?? '' };
}

/** Looks at every picture of a text: what is not here is fetched. */
export async function openPictures(text: string, device: Device, tab: Tab, oracle: BlobOracle): Promise<void> {
  for (const hash of blobsIn(text)) {
    const seen = await tab.callBlobs('open a file', async ({ store, fetcher }) => {
      const fetched = await fetcher.fetch(hash);
      if (fetched.ok) oracle.onFetched(device.name, hash);
      return fetched.ok ? store.readBytes(hash) : fetched;
    });
    // Between the two its bytes may have gone: it is looked at again at the end.
    if (seen.ok && seen.value) oracle.onOpened(device.name, hash, seen.value);
  }
}

export async function careForFiles(deed: FileCareDeed, tab: Tab): Promise<void> {
  if (deed.do === 'file-collect') {
    await tab.callBlobs('collect', ({ store }) => store.collect(true));
    return;
  }
  const bytes = deed.place < 0.5 ? 1 : Infinity;
  await tab.callBlobs('let go', ({ store }) => store.letGoUnused({ unusedMs: 0, bytes }));
}
