import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';

const COOKIE = 'holdfast_device';

/** The longest that browsers keep a cookie (RFC 6265bis: 400 days). Each entry restarts it. */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;

/**
 * Gives the device its token. The path binds the cookie to one account: it is not sent to any other, so that two
 * accounts of one browser cannot be mixed up. No script ever sees it.
 */
export function setDeviceCookie(
  reply: FastifyReply,
  accountId: AccountId,
  token: string,
  secureCookies: 'auto' | 'always',
): void {
  reply.setCookie(COOKIE, token, {
    path: paths.account(accountId),
    httpOnly: true,
    sameSite: 'strict',
    maxAge: MAX_AGE_SECONDS,
    secure: secureCookies === 'always' || reply.request.protocol === 'https',
  });
}

export const readDeviceCookie = (request: FastifyRequest): string | undefined => request.cookies[COOKIE];
