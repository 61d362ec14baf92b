import * as v from 'valibot';
import { blobsIn, MAX_OP_BLOBS } from '#core/blobs.ts';
import { isUuid } from '#core/ids.ts';
import { type Op, opSchema, type PushResult } from '#core/protocol.ts';
import { sha256 } from '#server/secrets.ts';

type Rejected = Extract<PushResult, { readonly type: 'rejected' }>;

/** An op that may be tried, with the UTF-8 length of its body; or the answer to one that may not. */
export type IncomingOp = { readonly type: 'valid'; readonly op: Op; readonly bytes: number } | Rejected;

/** Answers are found by their place when an op has no readable id: the nil UUID takes its place. */
const NIL = '00000000-0000-0000-0000-000000000000';

/** With the `u` flag a surrogate pair is one character, so that only a lone half matches. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Checks one op by itself. The body stays text, but must be well-formed Unicode: a lone surrogate would be replaced on
 * its way to the disk, and the stored text would no longer match its hash. JSON text, which bodies are, never holds one.
 */
export function readOp(value: unknown, maxBodyChars: number): IncomingOp {
  const claimed: { readonly opId?: unknown; readonly body?: unknown } = typeof value === 'object' && value !== null ? value : {};
  const opId = typeof claimed.opId === 'string' && isUuid(claimed.opId) ? claimed.opId : NIL;
  const reject = (reason: Rejected['reason']): Rejected => ({ type: 'rejected', opId, reason });

  if (typeof claimed.body === 'string' && claimed.body.length > maxBodyChars) return reject('too-big');
  const parsed = v.safeParse(opSchema, value);
  if (!parsed.success) return reject('malformed');
  const op = parsed.output;
  if (op.deleted !== (op.body === null)) return reject('malformed');
  const body = op.body ?? '';
  if (LONE_SURROGATE.test(body)) return reject('malformed');
  if (sha256(body) !== op.hash) return reject('hash-mismatch');
  return { type: 'valid', op: { ...op, blobs: namedBy(op) }, bytes: Buffer.byteLength(body, 'utf8') };
}

/**
 * What the op says to name, and what its body refers to all the same: an app of before blobs names none, and keeps the references that
 * it does not know.
 */
function namedBy({ blobs, body }: Op): Op['blobs'] {
  if (body === null) return blobs;
  const named = new Set(blobs);
  const more = blobsIn(body).filter((hash) => !named.has(hash));
  return more.length === 0 ? blobs : [...blobs, ...more].slice(0, MAX_OP_BLOBS);
}
