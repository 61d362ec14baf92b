import { Failure } from './failure.ts';

/** A file that was removed or rewritten since it was looked up cannot be read: null. One whose place does not answer may be whole: that is thrown. */
export async function fileBytes(blob: Blob): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    if (error instanceof Failure && error.error.type !== 'PlaceGone') throw error;
    return null;
  }
}
