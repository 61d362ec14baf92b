/** What a process of the simulated server does with a request about blobs, besides what its API does. */
import * as v from 'valibot';
import { missingBlobsRequestSchema } from '#core/blob-protocol.ts';
import type { AccountId } from '#core/ids.ts';
import type { BytesAnswer, BytesRequest } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import type { BlobApi } from '#server/api/blobs.ts';
import type { Refusal } from '#server/refusal.ts';
import { answerBytes } from '#support/world-bytes.ts';

/** `isCut`: the connection breaks at the end of the body, and the rest of the part never comes. */
export interface ServerBytesRequest extends BytesRequest {
  readonly isCut?: boolean;
  readonly token: string | null;
}

const PIECES = 3;

class BodyBroken extends Error {}

/** Null where the connection has broken in the middle of the body. */
export async function serveBytes(api: BlobApi, { isCut = false, ...request }: ServerBytesRequest): Promise<BytesAnswer | null> {
  try {
    return await answerBytes(api, request, (body, signal) => piecesOf(body, isCut, signal));
  } catch (error) {
    if (error instanceof BodyBroken) return null;
    throw error;
  }
}

export const serveMissing = (
  api: BlobApi,
  accountId: AccountId,
  body: unknown,
): Promise<Result<{ missing: string[] }, Refusal>> => api.missing(accountId, v.parse(missingBlobsRequestSchema, body).hashes);

async function* piecesOf(bytes: Uint8Array, isCut: boolean, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const step = Math.max(1, Math.ceil(bytes.length / PIECES));
  for (let at = 0; at < bytes.length && !signal.aborted; at += step) yield bytes.subarray(at, at + step);
  if (isCut && !signal.aborted) throw new BodyBroken();
}
