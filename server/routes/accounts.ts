import type { FastifyInstance, FastifyReply } from 'fastify';
import { enterRequestSchema, loginRequestSchema } from '#core/account-protocol.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Result } from '#core/result.ts';
import type { Entered } from '#server/api/accounts.ts';
import { readRequest, sendRefusal, sendResult } from '#server/http/answers.ts';
import { setDeviceCookie } from '#server/http/cookie.ts';
import type { Refusal } from '#server/refusal.ts';
import type { ApiDeps } from './api-deps.ts';

/** What a stranger may send: a name, a key, a code. */
const BODY_LIMIT_BYTES = 16_384;

/** The ways into an account. They answer with the device's cookie, and ask for none. */
export function accountRoutes(app: FastifyInstance, { api, rates, config }: ApiDeps): void {
  const sendEntered = (reply: FastifyReply, accountId: AccountId, result: Result<Entered<object>, Refusal>) => {
    if (!result.ok) return sendRefusal(reply, result.error);
    setDeviceCookie(reply, accountId, result.value.token, config.secureCookies);
    return reply.send(result.value.answer);
  };

  app.post(paths.enter, { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
    const limited = await rates.enter(request);
    if (limited) return sendRefusal(reply, limited);
    const asked = readRequest(enterRequestSchema, request.body);
    if (!asked.ok) return sendResult(reply, asked);
    return sendEntered(reply, asked.value.accountId, await api.enter(asked.value));
  });

  app.post(paths.login, { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
    const asked = readRequest(loginRequestSchema, request.body);
    if (!asked.ok) return sendResult(reply, asked);
    const limited = (await rates.login(request)) ?? (await rates.loginName(request, asked.value.name));
    if (limited) return sendRefusal(reply, limited);
    const result = await api.login(asked.value);
    return sendEntered(reply, result.ok ? result.value.answer.accountId : '', result);
  });
}
