import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const HASHED = /^\/assets\//;
const FOREVER = 'public, max-age=31536000, immutable';

const NOT_BUILT = 'The app is not built: run "npm run build", or set HOLDFAST_APP_DIR. The API under /api works.\n';

/**
 * The built app. Files under /assets carry their hash in their name and never change; all others, `sw.js` and
 * `index.html` above all, are asked for again each time. Compressed twins (.br, .gz) are sent where the browser takes
 * them. A path without a file ending is a place inside the app and gets the page.
 */
export async function appFiles(app: FastifyInstance, appDir: string): Promise<void> {
  const page = join(appDir, 'index.html');
  // Also when the folder is not there yet: a build that follows is served without a restart.
  await app.register(fastifyStatic, {
    root: appDir,
    preCompressed: true,
    cacheControl: false,
    dotfiles: 'ignore',
    suppressWarning: true,
    setHeaders(reply) {
      const path = reply.request.url.split('?', 1)[0] ?? '';
      reply.header('cache-control', HASHED.test(path) ? FOREVER : 'no-cache');
    },
  });

  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    reply.header('cache-control', 'no-store');
    const wantsPage = (request.method === 'GET' || request.method === 'HEAD') && extname(path) === '';
    if (!wantsPage) return reply.code(404).type('text/plain; charset=utf-8').send('Not found\n');
    if (!existsSync(page)) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    return reply.sendFile('index.html');
  });
}
