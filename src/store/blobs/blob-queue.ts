import type { BlobFailure, BlobQueue } from '#core/blob-queue.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { asWay, BLOB_WAY } from '#store/schema/blob-way.ts';
import { noteSent } from '#store/schema/note-sent.ts';
import { nextQuestion, noteAnswer } from './blob-questions.ts';
import type { BlobContext } from './context.ts';
import { readBlobBytes } from './read-blob.ts';
import { isDue, MAY_BE_DUE, refuseBlobs, WAITING } from './refusals.ts';
import { verifyBlob } from './verify-blob.ts';

/** The blobs of a workspace as what sends them asks for them. */
export const createBlobQueue = (context: BlobContext): BlobQueue => ({
  async unsent(limit) {
    const found = await context.kv.read({
      waiting: { list: 'blobs', index: 'byWaiting', ...WAITING, limit },
      refused: MAY_BE_DUE,
    });
    if (!found.ok) return found;
    const due = found.value.refused.filter((row) => isDue(row, context.clock.now()));
    return ok([...found.value.waiting, ...due].sort((one, other) => one.size - other.size).slice(0, limit));
  },
  read: (hash, from, to) => readBlobBytes(context, hash, { from, to }),
  markSent: (hash) => noteSent(context.kv, [hash], true),
  refuse: (hash, why, atLeast) => refuseBlobs(context, hash, why, atLeast),
  verify: (hash) => verifyBlob(context, hash),
  question: () => nextQuestion(context),
  answer: (question, missing) => noteAnswer(context, question, missing),
  async failure() {
    const found = await context.kv.read({ way: BLOB_WAY });
    return found.ok ? ok(asWay(found.value.way).failure) : found;
  },
  noteFailure: (failure) => noteFailure(context, failure),
});

/** Nothing is written where nothing has changed. */
const noteFailure = ({ kv }: BlobContext, failure: BlobFailure | null): Promise<Result<void, KvError>> =>
  kv.transact(
    { way: BLOB_WAY },
    ({ way: found }) => {
      const way = asWay(found);
      const isKnown = failure === null && way.failure === null;
      return { writes: isKnown ? [] : [{ put: 'meta', row: { ...way, failure } }], value: undefined };
    },
    'relaxed',
  );
