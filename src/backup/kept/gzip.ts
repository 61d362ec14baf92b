import { joinBytes } from '#core/bytes.ts';
import { err, ok, type Result } from '#core/result.ts';

/** As much is handed over at once: a pack may come to a thousand times as much. */
const PIECE = 64 * 1024;

/** The bytes, packed. The same bytes give the same pack in one version of a browser, not in all. */
export async function pack(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  await through(bytes, new CompressionStream('gzip'), Infinity, (chunk) => void chunks.push(chunk));
  return joinBytes(chunks);
}

/** The text that was packed; `damaged` where it is no whole pack, `large` where more than `maxBytes` come out of it: no more is read then. */
export async function unpackText(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Result<string, 'damaged' | 'large'>> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    await through(bytes, new DecompressionStream('gzip'), maxBytes, (chunk) => {
      text += decoder.decode(chunk, { stream: true });
    });
    return ok(text + decoder.decode());
  } catch (error) {
    return err(error instanceof RangeError ? 'large' : 'damaged');
  }
}

/** In pieces that are written by hand: the stream of a blob comes from another process. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  { readable, writable }: ReadableWritablePair<Uint8Array<ArrayBuffer>, BufferSource>,
  maxBytes: number,
  use: (chunk: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  const writer = writable.getWriter();
  const writing = (async () => {
    for (let at = 0; at < bytes.length; at += PIECE) await writer.write(bytes.subarray(at, at + PIECE));
    await writer.close();
  })();
  await Promise.all([readAll(readable, maxBytes, use), writing]);
}

async function readAll(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxBytes: number,
  use: (chunk: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  const reader = stream.getReader();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel();
      throw new RangeError('more comes out of it than is allowed');
    }
    use(value);
  }
}
