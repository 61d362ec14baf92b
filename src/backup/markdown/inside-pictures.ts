/** Pictures that earlier versions kept inside a message: in an archive they are files like any other. */
import { type BlobHash, blobReference } from '#core/blobs.ts';
import { readDataUrl } from '#core/data-url.ts';
import { hashBytes } from '#core/hash.ts';

export interface InsidePictures {
  /** The Markdown with a reference for each picture that is inside it. */
  moveOut(markdown: string): string;
  /** The bytes of a picture that was moved out; null for any other. */
  read(hash: BlobHash): Blob | null;
}

const INSIDE = /\]\((data:image\/(png|jpeg|webp|gif|avif);base64,[A-Za-z0-9+/=]+)\)/gi;
const EXTENSIONS: { readonly [subtype: string]: string } = { jpeg: 'jpg' };

export function createInsidePictures(): InsidePictures {
  const found = new Map<BlobHash, Blob>();
  return {
    moveOut(markdown) {
      if (!markdown.includes('](data:image/')) return markdown;
      return markdown.replace(INSIDE, (whole, address: string, written: string) => {
        const data = readDataUrl(address);
        if (!data) return whole;
        const name = hashBytes(data.bytes);
        found.set(name, new Blob([data.bytes], { type: data.type }));
        const subtype = written.toLowerCase();
        return `](${blobReference(name, EXTENSIONS[subtype] ?? subtype)})`;
      });
    },
    read: (hash) => found.get(hash) ?? null,
  };
}
