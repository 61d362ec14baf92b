/** The way of bytes between a device and a server in the same process: the server's own calls, without HTTP. */
import type { BytesRequest, BytesTransport } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import type { BlobApi, UploadRefusal } from '#server/api/blobs.ts';
import type { Refusal } from '#server/refusal.ts';

export const bytesTo = (apiOf: () => BlobApi): BytesTransport => ({
  requestBytes: async (request) => ok(await answerBytes(apiOf(), request)),
});

/** Gives a body as it comes, until it is wanted no more. */
type Pieces = (body: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** What the server answers, as `fetchBytes` gives it. What `pieces` throws passes through. */
export async function answerBytes(
  api: BlobApi,
  { method, path, body = new Uint8Array(), from = 0 }: BytesRequest,
  pieces: Pieces = onePiece,
) {
  const url = new URL(path, 'http://server');
  const [, , , accountId = '', , hash = ''] = url.pathname.split('/');
  const key = { accountId, hash };
  const plain = { offset: null, size: null, json: undefined, retryAfterMs: null, body: null };
  const refused = ({ status, error, retryAfterSeconds }: Refusal) => ({
    ...plain,
    status,
    json: method === 'HEAD' ? undefined : error,
    retryAfterMs: retryAfterSeconds === undefined ? null : retryAfterSeconds * 1000,
  });
  if (method === 'GET') {
    const found = await api.find(key);
    if (!found.ok) return refused(found.error);
    const { size } = found.value;
    if (from > 0 && from >= size) return { ...plain, status: 416 };
    const opened = await api.open(key, from > 0 ? { first: from, last: size - 1 } : null);
    if (!opened.ok) return refused(opened.error);
    return { ...plain, status: from > 0 ? 206 : 200, size, body: copied(opened.value) };
  }
  const isPut = method === 'PUT';
  const [offset, size] = ['offset', 'size'].map((name) => Number(url.searchParams.get(name))) as [number, number];
  const part = {
    offset,
    size,
    isBody: url.searchParams.get('body') === '1',
    isBackup: url.searchParams.get('backup') === '1',
    bytes: (signal: AbortSignal) => pieces(body, signal),
  };
  const answer = isPut ? await api.takePart(key, part) : await api.upload(key);
  if (answer.ok) return { ...plain, status: isPut ? 204 : 200, offset: answer.value.offset, size: answer.value.size };
  const error: UploadRefusal = answer.error;
  const { upload } = error;
  return { ...refused(error), offset: upload?.offset ?? null, size: upload?.size ?? null };
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* copied(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const piece of stream) yield new Uint8Array(piece);
}
