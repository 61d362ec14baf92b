import { joinBytes } from '#core/bytes.ts';
import { err, ok, type Result } from '#core/result.ts';

/** The bytes, packed. The same bytes give the same pack in one version of a browser, not in all. */
export const pack = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  readAll(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip')), Infinity);

/** What was packed; `damaged` where it is no whole pack, `large` where more than `maxBytes` come out of it: no more is read then. */
export async function unpack(blob: Blob, maxBytes: number): Promise<Result<Uint8Array<ArrayBuffer>, 'damaged' | 'large'>> {
  try {
    return ok(await readAll(blob.stream().pipeThrough(new DecompressionStream('gzip')), maxBytes));
  } catch (error) {
    return err(error instanceof RangeError ? 'large' : 'damaged');
  }
}

async function readAll(stream: ReadableStream<Uint8Array<ArrayBuffer>>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel();
      throw new RangeError('more comes out of it than is allowed');
    }
    chunks.push(value);
  }
  return joinBytes(chunks);
}
