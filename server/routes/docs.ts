import type { FastifyPluginAsync } from 'fastify';
import { type Operation, openApiDocument, operations } from './openapi.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h2 { font: 600 1rem/1.5 ui-monospace, monospace; margin: 2rem 0 0; }
pre { border: 1px solid color-mix(in oklch, currentColor 25%, transparent); border-radius: .5rem; overflow: auto; padding: 1rem; }
`;

/** The API for machines (`/api/openapi.json`) and for people (`/api/docs`): both made once, from the same list. */
export const docsRoutes: FastifyPluginAsync = async (app) => {
  const document = openApiDocument();
  const page = renderPage();
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-cache');
  });
  app.get('/api/openapi.json', async () => document);
  app.get('/api/docs', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  app.get('/api/docs.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
};

const renderPage = (): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Holdfast API</title>
<link rel="stylesheet" href="/api/docs.css">
<h1>Holdfast API</h1>
<p>The same as <a href="/api/openapi.json">openapi.json</a>, to read. Bodies are JSON, gzip where you like. Whatever is refused says
why: <code>{ "type", "message" }</code>.</p>
${operations.map(renderOperation).join('\n')}
</html>
`;

function renderOperation({ method, path, summary, device }: Operation): string {
  return `<h2>${method.toUpperCase()} ${escapeHtml(path)}</h2>
<p>${escapeHtml(summary)}${device ? ' Needs the cookie of a device.' : ''}</p>`;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
