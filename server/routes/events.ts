import type { FastifyInstance } from 'fastify';
import { paths } from '#core/paths.ts';
import { sendRefusal } from '#server/http/answers.ts';
import { refusal, storageRefusal } from '#server/refusal.ts';
import type { ApiDeps } from './api-deps.ts';

/** A reader that leaves this much unread is gone or stuck. Pokes are some 30 bytes each. */
const MAX_UNREAD_BYTES = 16_384;

const RECONNECT_MS = 5000;

/** `event: poke, data: {"seq":n}` when there is something to pull, `event: heartbeat` every 20 s. */
export function eventRoutes(app: FastifyInstance, { hub, storage }: ApiDeps): void {
  app.get(`${paths.account(':accountId')}/events`, { exposeHeadRoute: false }, async (request, reply) => {
    const { accountId, deviceId } = request;
    const account = await storage.read((reader) => reader.account(accountId));
    if (!account.ok) return sendRefusal(reply, storageRefusal(account.error));

    const { raw } = reply;
    const close = hub.open(
      {
        accountId,
        deviceId,
        send(event, data) {
          if (!raw.headersSent) {
            reply.hijack();
            raw.writeHead(200, {
              ...definedHeaders(reply.getHeaders()),
              'content-type': 'text/event-stream',
              'x-accel-buffering': 'no',
            });
            raw.write(`retry: ${RECONNECT_MS}\n\n`);
          }
          raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
          return raw.writableLength < MAX_UNREAD_BYTES;
        },
        end: () => raw.end(),
      },
      account.value?.seq ?? 0,
    );
    if (!close) {
      return sendRefusal(reply, {
        ...refusal('unavailable', 'This server has as many listeners as it can take.'),
        retryAfterSeconds: 30,
      });
    }
    raw.on('close', close);
    return reply;
  });
}

const definedHeaders = (headers: { readonly [name: string]: number | string | string[] | undefined }) =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
