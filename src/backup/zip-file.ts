import { strToU8, Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import type { ExportPiece } from './export-files.ts';

/** Loose bytes are handed to the browser from here on, which may put them to disk. */
const SPILL_BYTES = 4_000_000;
/** Shorter than this, a file is not worth its compression. */
const SMALL = 200;

export interface ZipFile {
  write(piece: ExportPiece): void;
  /** Ends the archive. Nothing is written after it. */
  finish(): Blob;
}

/** A zip archive, made piece by piece: several files may be open at once, and their pieces come in any order. */
export function createZip(): ZipFile {
  let blobs: Blob[] = [];
  let loose: Uint8Array<ArrayBuffer>[] = [];
  let looseBytes = 0;
  let failure: Error | null = null;
  const spill = (): void => {
    blobs = [new Blob([...blobs, ...loose])];
    loose = [];
    looseBytes = 0;
  };
  const zip = new Zip((error, chunk) => {
    if (error) failure = error;
    else {
      loose.push(chunk as Uint8Array<ArrayBuffer>);
      looseBytes += chunk.length;
      if (looseBytes > SPILL_BYTES) spill();
    }
  });
  const open = new Map<string, ZipDeflate | ZipPassThrough>();
  return {
    write({ path, text, last }) {
      let file = open.get(path);
      if (!file) {
        file = last && text.length < SMALL ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
        zip.add(file);
        open.set(path, file);
      }
      file.push(strToU8(text), last);
      if (last) open.delete(path);
      if (failure) throw failure;
    },
    finish() {
      zip.end();
      if (failure) throw failure;
      spill();
      return new Blob(blobs, { type: 'application/zip' });
    },
  };
}
