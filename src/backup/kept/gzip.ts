import { joinBytes } from '#core/bytes.ts';
import { err, ok, type Result } from '#core/result.ts';

/** As much is handed over at once: a pack may come to a thousand times as much. */
const PIECE = 64 * 1024;

/** The bytes, packed. The same bytes give the same pack in one version of a browser, not in all. */
export const pack = (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  through(bytes, new CompressionStream('gzip'), Infinity);

/** What was packed; `damaged` where it is no whole pack, `large` where more than `maxBytes` come out of it: no more is read then. */
export async function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<Result<Uint8Array<ArrayBuffer>, 'damaged' | 'large'>> {
  try {
    return ok(await through(bytes, new DecompressionStream('gzip'), maxBytes));
  } catch (error) {
    return err(error instanceof RangeError ? 'large' : 'damaged');
  }
}

/** In pieces that are written by hand: the stream of a blob comes from another process. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  { readable, writable }: ReadableWritablePair<Uint8Array<ArrayBuffer>, BufferSource>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = writable.getWriter();
  const writing = (async () => {
    for (let at = 0; at < bytes.length; at += PIECE) await writer.write(bytes.subarray(at, at + PIECE));
    await writer.close();
  })();
  const [whole] = await Promise.all([readAll(readable, maxBytes), writing]);
  return whole;
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
