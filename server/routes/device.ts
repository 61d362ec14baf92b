import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { deleteAccountRequestSchema, deviceNameRequestSchema, passwordRequestSchema } from '#core/account-protocol.ts';
import { paths } from '#core/paths.ts';
import { manifestRequestSchema, pullRequestSchema, pushRequestSchema, remoteEntitySchema } from '#core/protocol.ts';
import { readRequest, sendRefusal, sendResult } from '#server/http/answers.ts';
import { refusal } from '#server/refusal.ts';
import type { ApiDeps } from './api-deps.ts';

const SMALL_BODY_BYTES = 65_536;

/** `MAX_PUSH_BYTES` characters of three bytes each, and what is around them. Only a single large op goes beyond. */
const PUSH_BYTES = 4_000_000;
/** The levels around the body of an op: the request, its list and the op. */
const OP_DEPTH = 3;

const historyKeySchema = v.pick(remoteEntitySchema, ['kind', 'id']);
const deviceKeySchema = v.pick(remoteEntitySchema, ['deviceId']);
const ownNameOnly = refusal('forbidden', 'A device names only itself.');

/** What a signed-in device can ask of its account. `request.accountId` and `request.deviceId` were checked before. */
export function deviceRoutes(app: FastifyInstance, { api, hub, metrics, rates, config, afterCommit }: ApiDeps): void {
  const account = paths.account(':accountId');

  const longString = { depth: OP_DEPTH, chars: config.limits.maxBodyChars, bytes: config.maxRequestBytes };
  const pushLimit = Math.min(PUSH_BYTES, config.maxRequestBytes);
  app.post(`${account}/push`, { bodyLimit: pushLimit, config: { longString } }, async (request, reply) => {
    const asked = readRequest(pushRequestSchema, request.body);
    if (!asked.ok) return sendResult(reply, asked);
    const result = await api.push(request.accountId, request.deviceId, asked.value);
    await afterCommit?.();
    if (result.ok) metrics.countPush(result.value);
    return sendResult(reply, result);
  });

  app.post(`${account}/pull`, { bodyLimit: SMALL_BODY_BYTES }, async (request, reply) => {
    const asked = readRequest(pullRequestSchema, request.body);
    if (!asked.ok) return sendResult(reply, asked);
    const result = await api.pull(request.accountId, asked.value);
    if (result.ok) metrics.countPull(result.value);
    return sendResult(reply, result);
  });

  // Devices post their request like all others; the GET is the same for who asks by hand.
  for (const method of ['GET', 'POST'] as const) {
    app.route({
      method,
      url: `${account}/manifest`,
      bodyLimit: SMALL_BODY_BYTES,
      handler: async (request, reply) => {
        const asked = readRequest(manifestRequestSchema, method === 'GET' ? readManifestQuery(request.query) : request.body);
        return asked.ok ? sendResult(reply, await api.manifest(request.accountId, asked.value)) : sendResult(reply, asked);
      },
    });
  }

  app.get(`${account}/history/:kind/:id`, async (request, reply) => {
    const asked = readRequest(historyKeySchema, request.params);
    if (!asked.ok) return sendResult(reply, asked);
    return sendResult(reply, await api.history(request.accountId, asked.value.kind, asked.value.id));
  });

  app.post(`${account}/password`, { bodyLimit: SMALL_BODY_BYTES }, async (request, reply) => {
    const asked = readRequest(passwordRequestSchema, request.body);
    const limited = asked.ok && (await rates.password(request));
    if (limited) return sendRefusal(reply, limited);
    return asked.ok ? sendResult(reply, await api.setPassword(request.accountId, asked.value)) : sendResult(reply, asked);
  });

  app.post(`${account}/delete`, { bodyLimit: SMALL_BODY_BYTES }, async (request, reply) => {
    const asked = readRequest(deleteAccountRequestSchema, request.body);
    if (!asked.ok) return sendResult(reply, asked);
    const limited = await rates.password(request);
    if (limited) return sendRefusal(reply, limited);
    const result = await api.deleteAccount(request.accountId, asked.value);
    if (result.ok) hub.dropAccount(request.accountId);
    return sendResult(reply, result);
  });

  app.get(`${account}/devices`, async (request, reply) => {
    return sendResult(reply, await api.listDevices(request.accountId, request.deviceId));
  });

  app.post(`${account}/devices/:deviceId`, { bodyLimit: SMALL_BODY_BYTES }, async (request, reply) => {
    const key = readRequest(deviceKeySchema, request.params);
    if (!key.ok) return sendResult(reply, key);
    if (key.value.deviceId !== request.deviceId) return sendRefusal(reply, ownNameOnly);
    const asked = readRequest(deviceNameRequestSchema, request.body);
    if (!asked.ok) return sendResult(reply, asked);
    return sendResult(reply, await api.renameDevice(request.accountId, request.deviceId, asked.value));
  });

  app.delete(`${account}/devices/:deviceId`, async (request, reply) => {
    const asked = readRequest(deviceKeySchema, request.params);
    if (!asked.ok) return sendResult(reply, asked);
    const result = await api.revokeDevice(request.accountId, asked.value.deviceId);
    if (result.ok) hub.drop(request.accountId, asked.value.deviceId);
    return sendResult(reply, result);
  });
}

/** `?protocol=1&limit=1000&after=note/<id>` becomes the request that it means. */
function readManifestQuery(query: unknown): unknown {
  const { protocol, limit, after } = query as { readonly [name: string]: unknown };
  return {
    protocol: Number(protocol),
    limit: Number(limit),
    after: typeof after === 'string' ? after.split('/') : null,
  };
}
