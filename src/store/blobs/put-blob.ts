/**
 * Adds a blob. Its bytes are written beside and kept under their hash; then one transaction makes the row that says so. What is
 * killed before that leaves a part, which `sweep` removes, or a whole file, which it takes up.
 */
import type { BlobHash } from '#core/blobs.ts';
import { blobPartLock } from '#core/channels.ts';
import type { BlobError } from '#core/errors.ts';
import { mintId } from '#core/ids.ts';
import { err, type Result } from '#core/result.ts';
import type { BlobInfo, BlobSource, NewBlob, PutOptions } from '#store/blob-store.ts';
import { commitBlob } from './commit-blob.ts';
import { type BlobContext, thrownError } from './context.ts';
import { streamingDigest, wholeDigest } from './digest.ts';
import { beginPart, type Part } from './part.ts';
import { openSource, PIECE, UnreadableSource } from './source.ts';

class CanceledPut extends Error {}

/** Counts what is done, and throws `CanceledPut` where that was the last of it. */
function watchSteps(watch: PutOptions['watch'], signal: PutOptions['signal']) {
  let isCanceled = false;
  let answer: unknown;
  const heed = (goesOn: unknown): void => {
    isCanceled ||= goesOn === false;
  };
  const check = (): void => {
    if (isCanceled || signal?.aborted) throw new CanceledPut();
  };
  return {
    /** What a watcher in another context answers is heeded when it comes. */
    step(bytes: number): void {
      answer = watch?.(bytes);
      heed(answer);
      void Promise.resolve(answer).then(heed, () => {});
      check();
    },
    /** All is written: the last answer is waited for. */
    async end(): Promise<void> {
      await Promise.resolve(answer).then(heed, () => {});
      check();
    },
  };
}

/** See `BlobStore.put`. */
export async function putBlob(
  context: BlobContext,
  source: BlobSource,
  about: NewBlob,
  { watch, signal }: PutOptions = {},
): Promise<Result<BlobInfo, BlobError>> {
  const steps = watchSteps(watch, signal);
  const part = mintId(context.clock.now(), context.random);
  const work = async (): Promise<Result<BlobInfo, BlobError>> => {
    const bytes = beginPart(context.files ?? context.rows, part);
    try {
      const hash = await write(context, source, bytes, steps.step);
      await steps.end();
      if (about.expect !== undefined && about.expect !== hash) return err({ type: 'WrongBytes' });
      return await commitBlob(context, hash, about, bytes);
    } catch (error) {
      return err(toBlobError(error));
    } finally {
      await bytes.discard();
    }
  };
  return (await context.locks.hold(blobPartLock(part), work)) ?? err({ type: 'Canceled' });
}

function toBlobError(error: unknown): BlobError {
  if (error instanceof CanceledPut) return { type: 'Canceled' };
  if (error instanceof UnreadableSource) return { type: 'FileUnreadable', reason: String(error.cause) };
  return thrownError(error);
}

/** Writes all of it into the part. Gives its hash. Throws what the browser throws, `UnreadableSource` and `CanceledPut`. */
async function write(
  { hashWhole, pause }: BlobContext,
  source: BlobSource,
  part: Part,
  step: (bytes: number) => void,
): Promise<BlobHash> {
  step(0);
  const { whole, pieces } = await openSource(source);
  const digest = whole && hashWhole ? wholeDigest(whole, hashWhole) : streamingDigest();
  let rested = 0;
  for await (const piece of pieces) {
    digest.update(piece);
    await part.add(piece);
    step(part.size);
    // What comes over a network comes in far smaller pieces.
    if (whole || part.size - rested < PIECE) continue;
    rested = part.size;
    await pause?.();
  }
  await part.finish();
  return digest.hash();
}
