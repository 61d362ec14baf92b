import compress from '@fastify/compress';
import type { FastifyPluginAsync } from 'fastify';
import { limitUnread } from '#server/http/answer-budget.ts';
import { sendRefusal } from '#server/http/answers.ts';
import { requireDevice } from '#server/http/device-auth.ts';
import { checkOrigin } from '#server/http/guard.ts';
import { refusal } from '#server/refusal.ts';
import { accountRoutes } from './accounts.ts';
import type { ApiDeps } from './api-deps.ts';
import { backupRoutes } from './backups.ts';
import { blobRoutes, uploadRoutes } from './blobs.ts';
import { deviceRoutes } from './device.ts';
import { eventRoutes } from './events.ts';

/** Below this, compressing an answer costs more than it saves. */
const COMPRESS_FROM_BYTES = 4096;

/** Everything under /api: from our own pages only, never cached, at a bounded rate; gzip both ways. */
export function apiRoutes(deps: ApiDeps): FastifyPluginAsync {
  const { api, rates } = deps;
  return async (app) => {
    await app.register(compress, {
      threshold: COMPRESS_FROM_BYTES,
      encodings: ['gzip', 'identity'],
      requestEncodings: ['gzip'],
    });
    app.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const refused = checkOrigin(request) ?? (await rates.address(request));
      return refused && sendRefusal(reply, refused);
    });
    accountRoutes(app, deps);
    for (const path of ['/api', '/api/*']) {
      app.all(path, async (_request, reply) => sendRefusal(reply, refusal('not-found', 'There is nothing here.')));
    }
    await app.register(signedInRoutes);
  };

  async function signedInRoutes(app: Parameters<FastifyPluginAsync>[0]): Promise<void> {
    app.addHook('onRequest', requireDevice(api, rates));
    eventRoutes(app, deps);
    await app.register(async (uploads) => uploadRoutes(uploads, deps));
    await app.register(async (answers) => {
      limitUnread(answers, deps.clock, deps.config.limits.maxAnswerBytes);
      deviceRoutes(answers, deps);
      blobRoutes(answers, deps);
      backupRoutes(answers, deps);
    });
  }
}
