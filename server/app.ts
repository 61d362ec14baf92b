import cookie from '@fastify/cookie';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Clock, Random } from '#core/ports.ts';
import type { AccessRecord } from './access-record.ts';
import { createBlobApi } from './api/blobs.ts';
import { createSyncApi } from './api/sync-api.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import type { HttpConfig } from './config.ts';
import { createEventHub } from './event-hub.ts';
import { sendRefusal } from './http/answers.ts';
import { answerError } from './http/errors.ts';
import { checkHost } from './http/guard.ts';
import { commonHeaders, policyFor } from './http/headers.ts';
import { acceptJson } from './http/json-body.ts';
import { createRateChecks } from './http/rate-limit.ts';
import { trackConnections } from './http/shutdown.ts';
import { createMetrics } from './metrics.ts';
import { createReadiness } from './readiness.ts';
import { apiRoutes } from './routes/api.ts';
import { appFiles } from './routes/app-files.ts';
import { docsRoutes } from './routes/docs.ts';
import { healthRoutes } from './routes/health.ts';
import type { Storage } from './storage/storage.ts';
import { createDamageReport } from './upkeep/damage-report.ts';

export interface AppDeps {
  readonly storage: Storage;
  /** Where the bytes of pictures and files are. */
  readonly blobs: BlobStore;
  /** Why that place cannot be used; null where it can, or left out where nobody watches it. */
  readonly blobsProblem?: () => string | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: HttpConfig;
  readonly log?: FastifyBaseLogger;
  /** Where sign-outs and passwords are kept beside the database. */
  readonly access?: AccessRecord;
  /** Called once an account was deleted. */
  readonly onDeleted?: () => void;
  /** Free bytes of the database's disk; null, or left out, where it lies on none. */
  readonly freeBytes?: () => number | null;
  /** For crash tests: `afterCommit` runs after a push has been committed and before it is answered. */
  readonly hooks?: { readonly afterCommit?: () => Promise<void> };
}

/** Headers must arrive within this, whatever the whole request may take. */
const HEADERS_TIMEOUT_MS = 20_000;
/**
 * A connection on which nothing moves in either direction ends: a reader that never reads, a peer that never sends. Event
 * streams have a heartbeat every 20 s.
 */
const IDLE_CONNECTION_MS = 60_000;
/** How often Node looks for requests that are over their time (30 s by default). */
const TIMEOUT_CHECK_MS = 1000;

/** The whole server short of listening: the API under /api, health, and the built app. Closing it ends the event streams. */
export async function createApp({
  storage,
  blobs,
  clock,
  random,
  config,
  log,
  hooks,
  access,
  freeBytes = () => null,
  onDeleted = () => undefined,
  blobsProblem = () => null,
}: AppDeps): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    ...(log ? { loggerInstance: log } : { logger: false }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 65_536,
    requestTimeout: config.requestTimeoutMs,
    connectionTimeout: IDLE_CONNECTION_MS,
    forceCloseConnections: 'idle',
    http: {
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, config.requestTimeoutMs),
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, config.requestTimeoutMs),
    },
    // Only the peer that connects is believed: it is the proxy, and what it appends is the client's address.
    trustProxy: config.trustProxy ? (_address: string, hop: number) => hop === 0 : false,
  });
  const readiness = createReadiness({ storage, clock, log: app.log, freeBytes, minFreeBytes: config.minFreeBytes });
  const watched = readiness.watch(storage);
  const hub = createEventHub({
    storage: watched,
    clock,
    pollMs: config.eventPollMs,
    onError: (error) => app.log.error({ err: error }, 'the event hub failed'),
  });
  const metrics = createMetrics(() => hub.size());
  const measured = metrics.measure(watched);
  const damage = createDamageReport((count) => {
    metrics.countDamaged(count);
    app.log.error({ count }, 'stored bodies no longer match their hashes; devices are asked for them (see: npm start -- check)');
  });
  const { onDamaged } = damage;
  const { hasRoom } = readiness;
  const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
  const deps = {
    storage: measured,
    clock,
    random,
    limits: config.limits,
    onCommit: hub.poke,
    onDamaged,
    onDeleted,
    hasRoom,
    breathe,
  };
  const api = createSyncApi(access ? { ...deps, access } : deps);
  const blobApi = createBlobApi({ ...deps, blobs });

  acceptJson(app);
  await app.register(cookie);
  app.decorateRequest('accountId', '');
  app.decorateRequest('deviceId', '');
  app.setErrorHandler(answerError);
  const closeConnections = trackConnections(app.server, clock);
  app.addHook('preClose', async () => {
    hub.close();
    closeConnections();
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(commonHeaders).header('content-security-policy', policyFor(request.url.split('?', 1)[0] ?? ''));
    const strange = checkHost(request, config.allowedHosts);
    return strange && sendRefusal(reply, strange);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const ms = Math.round(reply.elapsedTime);
    metrics.countRequest({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    // The route, not the URL: no account, no query. Bodies, cookies and headers are never logged.
    request.log.info({ method, route, status: reply.statusCode, ms }, 'answered');
  });

  const rates = await createRateChecks(app, config.rates);
  const afterCommit = hooks?.afterCommit;
  await app.register(apiRoutes({ api, blobs: blobApi, hub, storage: measured, metrics, rates, clock, config, afterCommit }));
  await app.register(docsRoutes);
  await app.register(healthRoutes({ readiness, metrics, damage, blobsProblem, showMetrics: config.metrics }));
  await appFiles(app, config.appDir);
  return app;
}
