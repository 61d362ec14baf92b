import type { FastifyPluginAsync } from 'fastify';
import type { DamageReport } from '#server/damage-report.ts';
import type { Metrics } from '#server/metrics.ts';
import type { Storage } from '#server/storage/storage.ts';

interface Health {
  readonly storage: Storage;
  readonly metrics: Metrics;
  readonly damage: DamageReport;
  readonly showMetrics: boolean;
}

/** `/healthz`: the process answers. `/readyz`: the database does, too. `/metrics`: numbers for Prometheus. */
export function healthRoutes({ storage, metrics, damage, showMetrics }: Health): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    app.get('/healthz', async () => ({ status: 'ok' }));
    app.get('/readyz', async (_request, reply) => {
      try {
        const answer = await storage.read((reader) => reader.seqs(['']));
        if (answer.ok) return { status: 'ok', damagedVersions: damage.count() };
      } catch (error) {
        reply.log.error({ err: error }, 'the database does not answer');
      }
      return reply.code(503).send({ status: 'the database does not answer' });
    });
    if (showMetrics) {
      app.get('/metrics', async (_request, reply) => {
        return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
      });
    }
  };
}
