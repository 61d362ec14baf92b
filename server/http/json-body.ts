import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MAX_PUSH_OPS } from '#core/protocol.ts';
import { type Refusal, refusal } from '#server/refusal.ts';
import { createBudget } from './budget.ts';
import { gatherText } from './gathered-text.ts';
import { createJsonScan, type JsonBounds, type JsonFault } from './json-scan.ts';
import { countPieces } from './pieces.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Where one string of a request may be longer than all else in it: a push with one large op. */
    longString?: JsonBounds['long'];
  }
}

/** The protocol's deepest request has four levels; bodies of entities are text and count as one. */
const MAX_DEPTH = 16;

/** As many ops as a push may carry, each with ten members and the names of many blobs. Parsed in some 20 ms. */
const MAX_VALUES = MAX_PUSH_OPS * 200;

/** One op with a body of 32 million characters costs some 200 MB while it is parsed and stored. */
const LARGE_AT_A_TIME = 2;
const LARGE_EACH = 1;
const LARGE_RETRY_SECONDS = 5;

const refusals: { readonly [F in JsonFault | 'too-many-pieces']: Refusal } = {
  'too-large': refusal('too-large', 'The request is larger than this server takes.'),
  'too-deep': refusal('malformed', 'The request is nested deeper than the protocol says.'),
  'too-many-values': refusal('malformed', 'The request has more members than the protocol says.'),
  'too-many-pieces': refusal('malformed', 'The request comes in too many small pieces.'),
};
const busy: Refusal = {
  ...refusal('unavailable', 'This server is taking other large requests. Try again.'),
  retryAfterSeconds: LARGE_RETRY_SECONDS,
};

/** What `answerError` sends as it is. */
export class RefusedBody extends Error {
  readonly refusal: Refusal;
  constructor(reason: Refusal) {
    super(reason.error.message);
    this.refusal = reason;
  }
}

/**
 * Reads JSON bodies only (anything else is 415). What is nested beyond reason, has too many members, or is larger than its
 * route allows is refused while it arrives, before anything of it is parsed; so are `__proto__` members, behind that.
 */
export function acceptJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  const slots = createBudget(LARGE_AT_A_TIME, LARGE_EACH);
  const responses = new WeakMap<FastifyRequest, ServerResponse>();
  app.addHook('preParsing', async (request, reply) => {
    responses.set(request, reply.raw);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: Readable) => {
    // A large request keeps its slot until it is answered: what was read is in memory as long.
    const takeSlot = (): boolean => {
      const release = slots.take(request.accountId, 1);
      if (release) responses.get(request)?.once('close', release);
      return release !== undefined;
    };
    const text = await readText(request, payload, takeSlot);
    return new Promise((resolve, reject) => {
      void parse(request, text, (error, value: unknown) => (error ? reject(error) : resolve(value)));
    });
  });
}

async function readText(request: FastifyRequest, payload: Readable, takeSlot: () => boolean): Promise<string> {
  const { bodyLimit: bytes, config } = request.routeOptions;
  const bounds: JsonBounds = { bytes: bytes ?? 0, depth: MAX_DEPTH, values: MAX_VALUES, long: config.longString ?? null };
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > (bounds.long?.bytes ?? bounds.bytes)) throw new RefusedBody(refusals['too-large']);
  const scan = createJsonScan(bounds);
  const gathered = gatherText();
  let hasSlot = false;
  const pieces = countPieces();
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    const isWhole = pieces.take(chunk.length);
    const fault = scan.take(chunk) ?? (isWhole ? undefined : 'too-many-pieces');
    if (fault) throw new RefusedBody(refusals[fault]);
    hasSlot ||= scan.isLarge() && takeSlot();
    if (scan.isLarge() && !hasSlot) throw new RefusedBody(busy);
    gathered.add(chunk);
  }
  return gathered.text();
}
