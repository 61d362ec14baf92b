import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Rates } from '#server/config.ts';
import { type Refusal, refusal } from '#server/refusal.ts';
import { RateWindows } from './rate-windows.ts';

const WINDOW_MS = 60_000;

/** No device keeps more than one in minutes; many may do so at once, and each may have to send again what is missing. */
const BACKUPS_A_MINUTE = 60;

type Check = (request: FastifyRequest) => Promise<Refusal | undefined>;

/** One counter per rule. Addresses are counted by /64 where they are IPv6; accounts only after sign-in, names before it. */
export interface RateChecks {
  readonly address: Check;
  readonly account: Check;
  readonly enter: Check;
  readonly login: Check;
  /** Passwords set, by account: each costs a hash, as a sign-in does. */
  readonly password: Check;
  /** Backups kept, by account: each looks at thousands of rows. */
  readonly backup: Check;
  readonly loginName: (request: FastifyRequest, name: string) => Promise<Refusal | undefined>;
}

export async function createRateChecks(app: FastifyInstance, rates: Rates): Promise<RateChecks> {
  await app.register(rateLimit, { global: false, timeWindow: WINDOW_MS, store: RateWindows });
  const names = new WeakMap<FastifyRequest, string>();
  const create = (max: number, key?: (request: FastifyRequest) => string): Check => {
    const limiter = app.createRateLimit({ max, timeWindow: WINDOW_MS, ...(key && { keyGenerator: key }) });
    return async (request) => {
      const limit = await limiter(request);
      if (limit.isAllowed || !limit.isExceeded) return undefined;
      return {
        ...refusal('rate-limited', 'Too many requests. Try again later.'),
        retryAfterSeconds: Math.max(1, limit.ttlInSeconds),
      };
    };
  };
  const byName = create(rates.login, (request) => names.get(request) ?? '');
  return {
    address: create(rates.perAddress),
    account: create(rates.perAccount, (request) => request.accountId),
    enter: create(rates.enter),
    login: create(rates.login),
    password: create(rates.login, (request) => request.accountId),
    backup: create(BACKUPS_A_MINUTE, (request) => request.accountId),
    loginName(request, name) {
      names.set(request, name);
      return byName(request);
    },
  };
}
