/**
 * The way between one device and the server. It can be cut, lose a request or its answer, deliver twice and late, and
 * put somebody else's page in place of an answer.
 */
import type { BytesTransport, Transport, TransportAnswer, TransportRequest } from '#core/ports.ts';
import type { Op } from '#core/protocol.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type BytesTap, createBytesLink } from './bytes-link.ts';
import type { Prng } from './prng.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { ServerAnswer, ServerHost } from './server-host.ts';
import { FAIR, type Weather } from './weather.ts';

export interface Link {
  for(actor: Actor): Transport & BytesTransport;
  setOnline(online: boolean): void;
  isOnline(): boolean;
  /** Whether something that changes the server has left the device and not ended yet, wherever its sender is by now. */
  isBusy(): boolean;
  setWeather(weather: Weather): void;
}

/** What the oracles see of the wire. */
export interface WireTap extends BytesTap {
  /** A request reaches the server. */
  onRequest(deviceName: string, request: TransportRequest): void;
  /** An answer of the server leaves it, whether or not it arrives. */
  onAnswer(deviceName: string, request: TransportRequest, answer: ServerAnswer): void;
  /** An answer of the server reaches the device. */
  onArrival(deviceName: string, request: TransportRequest, answer: ServerAnswer): void;
}

type Outcome = Result<TransportAnswer, { readonly reason: string }>;

export function createLink(
  deviceName: string,
  scheduler: Scheduler,
  random: Prng,
  server: ServerHost,
  cookies: Map<string, string>,
  tap: WireTap,
): Link {
  /** Never dies: what has left a device goes on without it. */
  const wire = scheduler.actor(`${deviceName}.wire`);
  let online = true;
  let weather = FAIR;
  let underWay = 0;

  const counted = async <V>(request: { readonly path: string }, work: Promise<V>): Promise<V> => {
    if (!/\/(push|enter|blobs\/[0-9a-f]{64}.*)$/.test(request.path)) return work;
    underWay += 1;
    return work.finally(() => {
      underWay -= 1;
    });
  };

  const travel = (label: string): Promise<void> =>
    new Promise((resolve) => {
      scheduler.timer(wire, 1 + random.below(weather.latencyMs), resolve, label);
    });

  const reach = async (request: TransportRequest, body: unknown, account: string): Promise<ServerAnswer | null> => {
    tap.onRequest(deviceName, wholeOps(request));
    const { method, path } = request;
    const answer = await server.handle({ method, path, body, token: cookies.get(account) ?? null });
    if (answer) tap.onAnswer(deviceName, request, answer);
    return answer;
  };

  /** As the oracles know ops: with the bodies that went ahead. */
  const wholeOps = (request: TransportRequest): TransportRequest => {
    const { ops } = (request.body ?? {}) as { readonly ops?: readonly Op[] };
    if (!ops || !request.path.endsWith('/push')) return request;
    const body = { ...(request.body as object), ops: ops.map((op) => ({ ...op, body: server.wholeBody(op.body) })) };
    return { ...request, body };
  };

  /** What a proxy in between, or the server itself before it did anything, may say. */
  const strangeAnswer = (request: TransportRequest): { readonly answer: TransportAnswer; readonly before: boolean } => {
    const own = (status: number, type: string, retryAfterMs: number | null = null) => ({
      answer: { status, json: { type, message: 'simulated' }, retryAfterMs },
      before: true,
    });
    const foreign = (status: number) => ({ answer: { status, json: undefined, retryAfterMs: null }, before: random.chance(0.5) });
    switch (
      random.weighted({
        portal: 3,
        html500: 3,
        html502: 3,
        own401: 1,
        own413: isBatch(request) ? 2 : 0,
        own429: 2,
        own503: 2,
        own507: 1,
        own500: 2,
      })
    ) {
      case 'portal':
        return foreign(200);
      case 'html500':
        return foreign(500);
      case 'html502':
        return foreign(502);
      case 'own401':
        return own(401, 'unauthorized');
      case 'own413':
        return own(413, 'too-large');
      case 'own429':
        return own(429, 'rate-limited', random.chance(0.5) ? 1000 * random.between(1, 90) : null);
      case 'own503':
        return own(503, 'unavailable', 1000);
      case 'own507':
        return own(507, 'over-quota');
      case 'own500':
        return { ...own(500, 'internal'), before: random.chance(0.5) };
    }
  };

  /** The whole journey. Null means silence: the caller's timeout decides. */
  const journey = async (request: TransportRequest): Promise<Outcome | null> => {
    if (!online) return err({ reason: 'offline' });
    const text = JSON.stringify(request.body ?? null);
    const account = request.path.split('/')[3] ?? '';
    const strange = random.chance(weather.strange) ? strangeAnswer(request) : null;
    await travel('out');
    if (random.chance(weather.dropRequest)) return random.chance(0.5) ? err({ reason: 'reset' }) : null;
    if (strange?.before) return ok(strange.answer);
    if (random.chance(weather.duplicate)) {
      void counted(
        request,
        travel('again').then(() => reach(request, JSON.parse(text), account)),
      );
    }
    const answer = await reach(request, JSON.parse(text), account);
    if (!answer || !online || random.chance(weather.dropAnswer)) return random.chance(0.5) ? err({ reason: 'reset' }) : null;
    await travel('back');
    if (strange) return ok(strange.answer);
    if (answer.token !== null) cookies.set(accountOf(request), answer.token);
    tap.onArrival(deviceName, request, answer);
    const { status, retryAfterMs } = answer;
    return ok({ status, retryAfterMs, json: JSON.parse(JSON.stringify(answer.json)) });
  };

  const bytesWay = {
    deviceName,
    scheduler,
    wire,
    random: random.fork('bytes'),
    server,
    cookies,
    tap,
    weather: () => weather,
    isOnline: () => online,
    travel,
    counted,
  };

  return {
    isOnline: () => online,
    isBusy: () => underWay > 0,
    setOnline(next) {
      online = next;
    },
    setWeather(next) {
      weather = next;
    },
    for: (actor) => ({
      requestBytes: createBytesLink(bytesWay, actor).requestBytes,
      async request(request) {
        await scheduler.gate(actor, `${request.method} ${request.path.split('/').at(-1)}`);
        request.onSent?.();
        return new Promise((resolve) => {
          let acknowledged = false;
          const acknowledge = (outcome: Outcome): void => {
            if (acknowledged) return;
            acknowledged = true;
            cancel();
            scheduler.spawn(
              actor,
              outcome.ok ? `answer ${outcome.value.status}` : `no answer: ${outcome.error.reason}`,
              async () => resolve(outcome),
            );
          };
          const cancel = scheduler.timer(actor, request.timeoutMs, () => acknowledge(err({ reason: 'timeout' })), 'timeout');
          scheduler.spawn(wire, 'request', async () => {
            const outcome = await counted(request, journey(request));
            if (outcome) acknowledge(outcome);
          });
        });
      },
    }),
  };
}

/** More than one op: only such a push is refused as too large here, as a single one would rightly go into quarantine. */
const isBatch = ({ body }: TransportRequest): boolean => {
  const { ops } = (body ?? {}) as { readonly ops?: readonly unknown[] };
  return ops !== undefined && ops.length > 1;
};

/** The account that `enter` names in its body: its cookie is bound to that account's path. */
function accountOf({ body }: TransportRequest): string {
  return (body as { readonly accountId: string }).accountId;
}
