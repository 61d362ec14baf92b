import type { Readable } from 'node:stream';
import { type Refusal, refusal } from '#server/refusal.ts';
import { RefusedBody } from './json-body.ts';
import { countPieces } from './pieces.ts';

const cut = refusal('malformed', 'The request ended before it was whole. What came is kept.');
const tooManyPieces = refusal('malformed', 'The request comes in too many small pieces.');

/**
 * The bytes of a request as they come, at most `max` of them: more is refused with `tooLong`. Ends early, without ending the
 * request, when the signal fires. Throws `RefusedBody` where the sender breaks off.
 */
export async function* readBytes(
  payload: Readable,
  { max, tooLong, signal }: { readonly max: number; readonly tooLong: Refusal; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const source = payload.iterator({ destroyOnReturn: false });
  const ended = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const pieces = countPieces();
  while (!signal.aborted) {
    const coming: Promise<IteratorResult<Buffer>> = source.next();
    const next = await Promise.race([ended, coming]).catch(() => {
      throw new RefusedBody(cut);
    });
    if (next === null) coming.catch(() => undefined);
    if (next === null || next.done) return;
    if (!pieces.take(next.value.length)) throw new RefusedBody(tooManyPieces);
    if (pieces.total() > max) throw new RefusedBody(tooLong);
    yield next.value;
  }
}
