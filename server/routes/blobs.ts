import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_BLOB_PART_BYTES, missingBlobsRequestSchema, UPLOAD_LENGTH, UPLOAD_OFFSET } from '#core/blob-protocol.ts';
import { isBlobHash } from '#core/blobs.ts';
import { paths } from '#core/paths.ts';
import type { Upload } from '#server/api/blobs.ts';
import type { BlobKey } from '#server/blobs/blob-store.ts';
import { readRequest, sendRefusal, sendResult } from '#server/http/answers.ts';
import { createBudget } from '#server/http/budget.ts';
import { readRange } from '#server/http/byte-range.ts';
import { readBytes } from '#server/http/bytes-body.ts';
import { type Refusal, refusal } from '#server/refusal.ts';
import type { ApiDeps } from './api-deps.ts';

const BYTES = 'application/octet-stream';
/** A thousand hashes. */
const MISSING_BODY_BYTES = 131_072;

/** Uploads that this server takes at a time, and those of one account. Each holds a file and a part of a megabyte. */
const UPLOADS = 64;
const UPLOADS_EACH = 6;

const tooMany: Refusal = {
  ...refusal('rate-limited', 'As many uploads as this server takes at a time are under way. Try again.'),
  retryAfterSeconds: 2,
};
const noSuchBlob = refusal('not-found', 'There is nothing here.');
const badPart = refusal('malformed', 'A part says ?offset= and ?size= in whole bytes, and lies within the size.');
const encoded: Refusal = {
  ...refusal('malformed', 'The bytes of a blob travel as they are; those of a body may be gzip.'),
  status: 415,
};
const longPart = refusal('too-large', `A part has ${MAX_BLOB_PART_BYTES} bytes at most.`);
const longerThanSaid = refusal('malformed', 'The part is longer than what is left of the size that was said.');
const outside: Refusal = { ...refusal('malformed', 'The blob has no such bytes.'), status: 416 };

/**
 * What goes out is never a page of this origin, whatever is in it: a file to be saved, of no type, in a sandbox. It never changes,
 * and is nobody else's.
 */
const BLOB_HEADERS = {
  'content-type': BYTES,
  'content-disposition': 'attachment',
  'content-security-policy': "sandbox; default-src 'none'",
  'cache-control': 'private, max-age=31536000, immutable',
  'accept-ranges': 'bytes',
};

const blobUrl = paths.blob(':accountId', ':hash');
const ownBytes = { compress: false, decompress: false } as const;

/** How far an upload is, what is missing, and the bytes themselves. */
export function blobRoutes(app: FastifyInstance, { blobs }: ApiDeps): void {
  app.head(blobUrl, async (request, reply) => {
    const key = readKey(request);
    const found = key && (await blobs.upload(key));
    if (!found) return sendRefusal(reply, noSuchBlob);
    return found.ok ? sayUpload(reply, found.value).send() : sendRefusal(reply, found.error);
  });

  app.get(blobUrl, { exposeHeadRoute: false, ...ownBytes }, async (request, reply) => {
    const key = readKey(request);
    const found = key && (await blobs.find(key));
    if (!found) return sendRefusal(reply, noSuchBlob);
    if (!found.ok) return sendRefusal(reply, found.error);
    const { size, isBody } = found.value;
    const etag = `"${key.hash}"`;
    if (namesTag(request.headers['if-none-match'], etag))
      return reply
        .headers({ ...BLOB_HEADERS, etag })
        .code(304)
        .send();
    const condition = request.headers['if-range'];
    const range = condition === undefined || condition === etag ? readRange(request.headers.range, size) : null;
    if (range === 'unsatisfiable') return sendRefusal(reply.header('content-range', `bytes */${size}`), outside);
    const stream = await blobs.open(key, range);
    if (!stream.ok) return sendRefusal(reply, stream.error);
    // The body of an op is text, and mostly large. What is left of it after a break comes as it is, by a range.
    if (isBody && !range && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
      reply.headers({ ...BLOB_HEADERS, 'content-encoding': 'gzip', vary: 'accept-encoding', [UPLOAD_LENGTH]: size });
      return reply.send(pipeline(stream.value, createGzip(), () => undefined));
    }
    reply.headers({ ...BLOB_HEADERS, etag, 'content-length': range ? range.last - range.first + 1 : size });
    if (range) reply.code(206).header('content-range', `bytes ${range.first}-${range.last}/${size}`);
    return reply.send(stream.value);
  });

  app.post(paths.missingBlobs(':accountId'), { bodyLimit: MISSING_BODY_BYTES }, async (request, reply) => {
    const asked = readRequest(missingBlobsRequestSchema, request.body);
    return asked.ok ? sendResult(reply, await blobs.missing(request.accountId, asked.value.hashes)) : sendResult(reply, asked);
  });
}

/** Parts of uploads: the only requests whose bodies are bytes. */
export function uploadRoutes(app: FastifyInstance, { blobs }: ApiDeps): void {
  const budget = createBudget(UPLOADS, UPLOADS_EACH);
  app.addContentTypeParser(BYTES, async (_request: FastifyRequest, payload: Readable) => payload);

  app.put(blobUrl, ownBytes, async (request, reply) => {
    const key = readKey(request);
    if (!key) return refuseUpload(request, reply, noSuchBlob);
    const part = readPart(request.query);
    const wrong = part ? checkPart(request, part) : badPart;
    if (!part || wrong) return refuseUpload(request, reply, wrong ?? badPart);
    const release = budget.take(request.accountId, 1);
    if (!release) return refuseUpload(request, reply, tooMany);
    reply.raw.once('close', release);
    const left = part.size - part.offset;
    const max = Math.min(left, MAX_BLOB_PART_BYTES);
    const tooLong = left > MAX_BLOB_PART_BYTES ? longPart : longerThanSaid;
    const { body } = request;
    const sent = body instanceof Readable ? body : Readable.from([]);
    const isPacked = encodingOf(request) === 'gzip';
    const payload = isPacked ? pipeline(sent, createGunzip(), () => undefined) : sent;
    // What is refused in its middle is not unpacked to its end: it goes with its connection, behind the answer.
    if (isPacked) {
      reply.header('connection', 'close');
      reply.raw.once('finish', () => payload.destroy());
    }
    const taken = await blobs.takePart(key, { ...part, bytes: (signal) => readBytes(payload, { max, tooLong, signal }) });
    if (taken.ok) reply.removeHeader('connection');
    if (taken.ok) return sayUpload(reply, taken.value).code(204).send();
    if (taken.error.upload) sayUpload(reply, taken.error.upload);
    return refuseUpload(request, reply, taken.error);
  });
}

/** What a part says of itself and of its blob. */
type Announced = Upload & { readonly isBody: boolean; readonly isBackup: boolean };

const sayUpload = (reply: FastifyReply, { offset, size }: Upload): FastifyReply =>
  reply.headers({ [UPLOAD_OFFSET]: offset, [UPLOAD_LENGTH]: size });

function readKey({ accountId, params }: FastifyRequest): BlobKey | null {
  const { hash } = params as { readonly hash?: string };
  return hash !== undefined && isBlobHash(hash) ? { accountId, hash } : null;
}

function readPart(query: unknown): Announced | null {
  const { offset, size, body, backup } = query as { readonly [name: string]: unknown };
  const read = (text: unknown): number => (typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN);
  const part = { offset: read(offset), size: read(size), isBody: body === '1', isBackup: backup === '1' };
  return part.offset <= part.size ? part : null;
}

/** What can be said of a part before any of it is read. */
function checkPart(request: FastifyRequest, { offset, size, isBody }: Announced): Refusal | null {
  const encoding = encodingOf(request);
  const isPacked = isBody && encoding === 'gzip';
  if (encoding !== 'identity' && !isPacked) return encoded;
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > MAX_BLOB_PART_BYTES) return longPart;
  return announced > size - offset && !isPacked ? longerThanSaid : null;
}

const encodingOf = ({ headers }: FastifyRequest): string => headers['content-encoding'] ?? 'identity';

/** What is refused is not read: a body of a known and small size is let run out, any other ends with its connection. */
function refuseUpload({ headers }: FastifyRequest, reply: FastifyReply, reason: Refusal): FastifyReply {
  const announced = headers['content-length'];
  if (announced === undefined || Number(announced) > MAX_BLOB_PART_BYTES) reply.header('connection', 'close');
  return sendRefusal(reply, reason);
}

const namesTag = (header: string | undefined, etag: string): boolean =>
  (header ?? '').split(',').some((tag) => [etag, `W/${etag}`].includes(tag.trim()));
