import type { FastifyPluginAsync } from 'fastify';
import type { Metrics } from '#server/metrics.ts';
import type { Readiness } from '#server/readiness.ts';
import type { DamageReport } from '#server/upkeep/damage-report.ts';

interface Health {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly damage: DamageReport;
  readonly blobsProblem: () => string | null;
  readonly showMetrics: boolean;
}

/** `/healthz`: the process answers. `/readyz`: the database takes writes, too. `/metrics`: numbers for Prometheus. */
export function healthRoutes({ readiness, metrics, damage, blobsProblem, showMetrics }: Health): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    app.get('/healthz', async () => ({ status: 'ok' }));
    app.get('/readyz', async (_request, reply) => {
      const problem = await readiness.check();
      if (problem !== null) return reply.code(503).send({ status: problem });
      // Words are synced all the same: a server without its pictures and files stays ready.
      return { status: 'ok', damagedVersions: damage.count(), files: blobsProblem() ?? 'ok' };
    });
    if (showMetrics) {
      app.get('/metrics', async (_request, reply) => {
        return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
      });
    }
  };
}
