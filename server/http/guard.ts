import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { type Refusal, refusal } from '#server/refusal.ts';

/**
 * Refuses a Host that is not ours. A page that lets its own name point to this machine (DNS rebinding) is same-origin to
 * the browser, but its requests carry its name. An IP address as Host cannot be rebound and always passes.
 */
export function checkHost(request: FastifyRequest, allowedHosts: readonly string[]): Refusal | undefined {
  const name = hostName(request.host ?? '');
  if (name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0 || allowedHosts.includes(name)) return undefined;
  return refusal('forbidden', `This server does not answer to that host name; HOLDFAST_ALLOWED_HOSTS would have to list it.`);
}

/**
 * Refuses what another site made the browser send. SameSite=Strict does not cover it all: another port on localhost is
 * the same *site*. Browsers say where a request comes from by `Sec-Fetch-Site`, and to plain http on a network at least
 * by `Origin`; what sends neither is no browser, and sends its cookie of its own accord.
 */
export function checkOrigin(request: FastifyRequest): Refusal | undefined {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const sameOrigin = origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.host);
  if ((site === undefined || site === 'same-origin') && sameOrigin) return undefined;
  return refusal('forbidden', 'Requests from other origins are refused.');
}

/** The name without the port; `[::1]:8787` becomes `::1`. */
function hostName(host: string): string {
  const name = host.startsWith('[') ? host.slice(1).replace(/\](:\d+)?$/, '') : host.replace(/:\d+$/, '');
  return name.toLowerCase();
}
