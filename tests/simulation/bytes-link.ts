/** The same way for the bytes of blobs: besides what else may happen on it, it breaks in the middle of a part, or damages a byte. */
import type { BytesAnswer, BytesRequest, BytesTransport } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Bytes } from '#support/memory-server-blobs.ts';
import type { Prng } from './prng.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { ServerHost } from './server-host.ts';
import type { Weather } from './weather.ts';

/** What the oracles see of the bytes on the wire. */
export interface BytesTap {
  /** A request leaves the device. */
  onBytesRequest(deviceName: string, request: BytesRequest): void;
  /** An answer of the server reaches the one that has asked. */
  onBytesAnswer(deviceName: string, request: BytesRequest, answer: BytesAnswer): void;
}

export interface BytesWay {
  readonly deviceName: string;
  readonly scheduler: Scheduler;
  /** Never dies: what has left a device goes on without it. */
  readonly wire: Actor;
  readonly random: Prng;
  readonly server: ServerHost;
  readonly cookies: ReadonlyMap<string, string>;
  readonly tap: BytesTap;
  weather(): Weather;
  isOnline(): boolean;
  travel(label: string): Promise<void>;
  counted<V>(request: { readonly path: string }, work: Promise<V>): Promise<V>;
}

type Outcome = Result<BytesAnswer, { readonly reason: string }>;

const PIECES = 3;

export const createBytesLink = (way: BytesWay, actor: Actor): BytesTransport => ({
  async requestBytes(request) {
    const { scheduler, deviceName, tap, wire } = way;
    await scheduler.gate(actor, `${request.method} blob`);
    tap.onBytesRequest(deviceName, request);
    return new Promise((resolve) => {
      let acknowledged = false;
      const acknowledge = (outcome: Outcome, answer: BytesAnswer | null): void => {
        if (acknowledged) return;
        acknowledged = true;
        cancel();
        scheduler.spawn(actor, outcome.ok ? `answer ${outcome.value.status}` : `no answer: ${outcome.error.reason}`, async () => {
          if (answer) tap.onBytesAnswer(deviceName, request, answer);
          resolve(outcome);
        });
      };
      const give = (reason: string): void => acknowledge(err({ reason }), null);
      const cancel = scheduler.timer(actor, request.timeoutMs, () => give('timeout'), 'timeout');
      request.signal?.addEventListener('abort', () => give('aborted'));
      scheduler.spawn(wire, 'bytes', async () => {
        const arrived = await way.counted(request, journey(way, actor, request));
        if (arrived) acknowledge(arrived.outcome, arrived.answer);
      });
    });
  },
});

interface Arrived {
  readonly outcome: Outcome;
  /** The server's own. */
  readonly answer: BytesAnswer | null;
}

const broken = (reason: string): Arrived => ({ outcome: err({ reason }), answer: null });

/** The whole journey. Null means silence: the caller's timeout decides. */
async function journey(way: BytesWay, actor: Actor, request: BytesRequest): Promise<Arrived | null> {
  const { random, server, cookies } = way;
  const { dropRequest, dropAnswer, duplicate, strange } = way.weather();
  if (!way.isOnline()) return broken('offline');
  const silence = (): Arrived | null => (random.chance(0.5) ? broken('reset') : null);
  const token = cookies.get(request.path.split('/')[3] ?? '') ?? null;
  const body = request.body ? damaged(request.body.slice(), random, strange) : null;
  const reach = (sent: Bytes | null, isCut: boolean) =>
    server.handleBytes({ ...request, ...(sent && { body: sent }), isCut, token });
  await way.travel('out');
  if (random.chance(dropRequest)) {
    // What of a part has arrived before the break counts.
    if (body && random.chance(0.7)) await reach(body.slice(0, random.below(body.length + 1)), true);
    return silence();
  }
  const foreign = random.chance(strange) ? strangeAnswer(random) : null;
  if (foreign && random.chance(0.5)) return { outcome: ok(foreign), answer: null };
  if (random.chance(duplicate)) {
    const again = way.travel('again').then(() => reach(body, false));
    void way.counted(request, again);
  }
  const answer = await reach(body, false);
  if (!answer || !way.isOnline() || random.chance(dropAnswer)) return silence();
  await way.travel('back');
  if (foreign) return { outcome: ok(foreign), answer: null };
  const whole = answer.body && (await gathered(answer.body));
  const cutAt = whole && random.chance(dropAnswer) ? random.below(whole.length + 1) : null;
  const given = whole && damaged(whole, random, strange);
  const pieces = given && receive(way, actor, cutAt === null ? given : given.slice(0, cutAt), cutAt !== null);
  return { outcome: ok({ ...answer, body: pieces }), answer };
}

/** As the person's device gets it: piece by piece, and cut off where the connection breaks. */
async function* receive({ scheduler }: BytesWay, actor: Actor, bytes: Bytes, isCut: boolean): AsyncGenerator<Bytes> {
  const step = Math.max(1, Math.ceil(bytes.length / PIECES));
  for (let at = 0; at < bytes.length; at += step) {
    await scheduler.gate(actor, 'bytes arrive');
    yield bytes.slice(at, at + step);
  }
  if (isCut) throw new Error('the connection broke');
}

async function gathered(bytes: AsyncIterable<Bytes>): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

function damaged(bytes: Bytes, random: Prng, strange: number): Bytes {
  if (bytes.length === 0 || !random.chance(strange / 2)) return bytes;
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

/** What a proxy in between, or the server itself before it did anything, may say. */
function strangeAnswer(random: Prng): BytesAnswer {
  const answer = (status: number, type?: string): BytesAnswer => ({
    status,
    offset: null,
    size: null,
    json: type && { type, message: 'simulated' },
    retryAfterMs: null,
    body: null,
  });
  return random.pick([
    answer(200),
    answer(500),
    answer(502),
    answer(401, 'unauthorized'),
    answer(413),
    answer(429, 'rate-limited'),
    answer(503, 'unavailable'),
    answer(507, 'over-quota'),
  ]);
}
