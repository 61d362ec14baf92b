/**
 * Large bodies on their way, in both directions. Above this nobody meets a stand-in: ops are given and entities are taken with their whole
 * bodies. Nothing of it is kept on the device: killed at any point, an upload goes on from what the server has, and what was not applied is
 * asked for again.
 */
import type { SyncError } from '#core/errors.ts';
import { hashText } from '#core/hash.ts';
import type { AccountId } from '#core/ids.ts';
import { LARGE_BODY_CHARS, readStandIn, type StandIn, withStandIn } from '#core/large-body.ts';
import type { BytesTransport, Clock, Transport } from '#core/ports.ts';
import { MAX_BODY_CHARS, type Op, type PushResult, type RemoteEntity } from '#core/protocol.ts';
import { err, ok, type Result } from '#core/result.ts';
import { createStop } from '#core/stop.ts';
import { fromUtf8, toUtf8 } from '#core/utf8.ts';
import { BlobCut, fetchBlob } from './fetch-blob.ts';
import { createPartPace } from './part-pace.ts';
import { type SendPorts, sendOneBlob } from './send-one-blob.ts';

export interface LargeBodies {
  /** Above so many UTF-16 code units a body goes by itself. */
  readonly limit: number;
  /** The ops as they travel. What stands in for a body is in the answer only once the server has the body. */
  send(ops: readonly Op[]): Promise<Result<readonly Op[], SyncError>>;
  /** Sends once more what the server had removed before it took the op: until then no other device can read that. */
  sendLost(ops: readonly Op[], results: readonly PushResult[]): Promise<Result<null, SyncError>>;
  /**
   * The entity with its whole body. Null where the server does not give it now: it is not there, not what it should be, or its place does
   * not answer. The error where nothing can be asked for just now.
   */
  receive(entity: RemoteEntity): Promise<Result<RemoteEntity | null, SyncError>>;
  /** Sends one part of the op's body at most; true once the server has all of it, or the op needs none. */
  sendPart(op: Op): Promise<Result<boolean, SyncError>>;
}

/** The way to the server, with what large bodies need where this context has that. */
export interface Wire extends Transport {
  readonly bodies?: LargeBodies | undefined;
}

export interface LargeBodyOptions {
  readonly transport: BytesTransport;
  readonly accountId: AccountId;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  /** In UTF-16 code units. */
  readonly limit?: number | undefined;
}

export function createLargeBodies({ transport, accountId, clock, limit = LARGE_BODY_CHARS }: LargeBodyOptions): LargeBodies {
  /** The server removes it within hours once nothing names it: it is no file that a text may name again. */
  const asBody: BytesTransport = {
    requestBytes: (request) =>
      transport.requestBytes(request.method === 'PUT' ? { ...request, path: `${request.path}&body=1`, isText: true } : request),
  };
  /** Beyond the limit of a body it goes as it is, and is refused in the ordinary way. */
  const isLarge = ({ body }: Op): boolean => body !== null && body.length > limit && body.length <= MAX_BODY_CHARS;

  /** `goesOn` is asked before each request: the first one asks how far the body is. */
  async function upload(op: Op, goesOn: () => boolean): Promise<Result<'there' | 'cut' | 'not taken', SyncError>> {
    const bytes = toUtf8(op.body ?? '');
    const ports = {
      queue: bytesInMemory(bytes),
      transport: asBody,
      accountId,
      clock,
      signal: createStop().signal,
      goesOn: async () => goesOn(),
    };
    const sent = await sendOneBlob(ports, { hash: op.hash, size: bytes.byteLength }, createPartPace());
    if (!sent.ok) throw new Error(sent.error.type);
    switch (sent.value.type) {
      case 'sent':
        return ok('there');
      case 'cut':
        return ok('cut');
      case 'gone':
      case 'refused':
        return ok('not taken');
      default:
        return isAnswerToBlob(sent.value.error) ? ok('not taken') : err(sent.value.error);
    }
  }

  return {
    limit,
    async send(ops) {
      const wire: Op[] = [];
      for (const op of ops) {
        const standIn = isLarge(op) ? withStandIn(op) : null;
        const uploaded = standIn ? await upload(op, () => true) : ok('not taken');
        if (!uploaded.ok) return uploaded;
        // What the server takes no blob of may pass inside of the op: it is an old one, or has its own words for the refusal.
        wire.push(standIn && uploaded.value === 'there' ? standIn : op);
      }
      return ok(wire);
    },
    async sendLost(ops, results) {
      for (const result of results) {
        const op = ops.find(({ opId }) => opId === result.opId);
        if (!op || result.type !== 'applied' || !isLarge(op) || !result.missingBlobs.includes(op.hash)) continue;
        const uploaded = await upload(op, () => true);
        if (!uploaded.ok) return uploaded;
      }
      return ok(null);
    },
    async receive(entity) {
      const standIn = readStandIn(entity.body);
      if (!standIn) return ok(entity);
      const text = await fetchText({ transport, accountId, clock }, standIn);
      if (!text.ok) return text;
      return ok(text.value === null ? null : { ...entity, body: text.value, hash: standIn.blob });
    },
    async sendPart(op) {
      if (!isLarge(op)) return ok(true);
      let requests = 0;
      const uploaded = await upload(op, () => requests++ < 2);
      return uploaded.ok ? ok(uploaded.value !== 'cut') : uploaded;
    },
  };
}

/** So many bytes of large bodies are fetched before they are written. */
const SLICE_BYTES = 4_000_000;

/** The entities in their order, in slices whose large bodies have a few MB together: a kill costs no more, and no more is in memory. */
export function sliceByBodies(entities: readonly RemoteEntity[]): RemoteEntity[][] {
  const slices: RemoteEntity[][] = [];
  let bytes = 0;
  for (const entity of entities) {
    const size = readStandIn(entity.body)?.bytes ?? 0;
    const slice = slices.at(-1);
    if (slice && (size === 0 || bytes + size <= SLICE_BYTES)) {
      slice.push(entity);
      bytes += size;
    } else {
      slices.push([entity]);
      bytes = size;
    }
  }
  return slices;
}

/** The server's word about this blob, or about blobs at all. Everything else says that nothing can be sent just now. */
function isAnswerToBlob(error: SyncError): boolean {
  return error.type === 'TooLarge' || error.type === 'ServerFull' || error.type === 'Rejected';
}

const bytesInMemory = (bytes: Uint8Array<ArrayBuffer>): SendPorts['queue'] => ({
  read: async (_hash, from, to) => ok(bytes.slice(from, to)),
  // Its hash was made from it a moment ago.
  verify: async () => ok('whole'),
});

/** Null where there is no such text, or another: what is not UTF-8 has another hash than its text. */
async function fetchText(
  options: Parameters<typeof fetchBlob>[0],
  { blob, bytes }: StandIn,
): Promise<Result<string | null, SyncError>> {
  const fetched = await fetchBlob(options, blob);
  if (!fetched.ok) return isNotNow(fetched.error) ? fetched : ok(null);
  if (!fetched.value) return ok(null);
  const { value } = fetched;
  const whole = new Uint8Array(bytes);
  let read = 0;
  try {
    for await (const piece of value.bytes) {
      if (read + piece.byteLength > bytes) return ok(null);
      whole.set(piece, read);
      read += piece.byteLength;
    }
  } catch (error) {
    if (error instanceof BlobCut) return isNotNow(error.error) ? err(error.error) : ok(null);
    throw error;
  }
  const text = fromUtf8(whole);
  return ok(read === bytes && hashText(text) === blob ? text : null);
}

/** It says nothing of this blob: whatever is asked next would end the same. A server whose place of blobs is down answers words as always. */
const isNotNow = ({ type }: SyncError): boolean => type !== 'ServerError' && type !== 'Rejected' && type !== 'TooLarge';
