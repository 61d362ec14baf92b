import type { FastifyInstance } from 'fastify';

/** The protocol's deepest request has four levels; bodies of entities are text and count as one. */
const MAX_DEPTH = 16;

/** Reads JSON bodies only (anything else is 415), refuses `__proto__` members, and JSON that is nested beyond reason. */
export function acceptJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    void parse(request, body, (error, value: unknown) => {
      if (error) done(error, undefined);
      else if (isDeeperThan(MAX_DEPTH, value)) done(Object.assign(new Error('too deep'), { statusCode: 400 }), undefined);
      else done(null, value);
    });
  });
}

/** Walks level by level, without recursion: a hostile depth must not become a stack. */
function isDeeperThan(depth: number, value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let at = 0; level.length > 0; at++) {
    if (at > depth) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}
