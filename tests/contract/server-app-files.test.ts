import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RawAnswer, type RunningApp, sendRaw, startApp } from '#support/server-http.ts';

const PAGE = '<!doctype html><title>Holdfast</title>';
const SCRIPT = `export const long = '${'x'.repeat(2000)}';`;

let app: RunningApp;

beforeAll(async () => {
  const parent = mkdtempSync(join(tmpdir(), 'holdfast-built-'));
  const appDir = join(parent, 'dist');
  mkdirSync(join(appDir, 'assets'), { recursive: true });
  writeFileSync(join(parent, 'secret.txt'), 'secret');
  const files = {
    'index.html': PAGE,
    'rescue.html': '<!doctype html><script src="/rescue.js"></script>',
    'sw.js': SCRIPT,
    'manifest.webmanifest': '{}',
    '.hidden': 'hidden',
    'assets/main-abc123.js': SCRIPT,
    'assets/llm.worker-abc123.js': SCRIPT,
    'assets/store.worker-abc123.js': SCRIPT,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(appDir, name), text);
  for (const name of ['sw.js', 'assets/main-abc123.js', 'assets/llm.worker-abc123.js']) {
    writeFileSync(join(appDir, `${name}.br`), brotliCompressSync(SCRIPT));
    writeFileSync(join(appDir, `${name}.gz`), gzipSync(SCRIPT));
  }
  app = await startApp({ config: { appDir } });
});
afterAll(() => app.close());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> =>
  sendRaw(app.port, { method, path, headers: { host: 'localhost', ...headers } });

describe('the page', () => {
  test.each(['/', '/index.html', '/notes/018f3a', '/settings?tab=devices', '/rescue'])(
    'is served at %s, never from a cache unasked',
    async (path) => {
      const answer = await get(path);
      expect(answer).toMatchObject({ status: 200, text: PAGE });
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' });
      const again = await get(path, { 'if-none-match': answer.headers.etag ?? '' });
      expect([again.status, again.text]).toEqual([304, '']);
    },
  );

  test('has a policy that allows nothing but our own, and Trusted Types', async () => {
    const { headers } = await get('/notes/1');
    const policy = String(headers['content-security-policy']).split('; ').sort();
    expect(policy).toEqual(
      [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "font-src 'self'",
        "media-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        'trusted-types lit-html app dompurify',
      ].sort(),
    );
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['permissions-policy']).toContain('camera=()');
  });

  test('answers to HEAD as to GET', async () => {
    const [head, whole] = [await get('/notes/1', {}, 'HEAD'), await get('/notes/1')];
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', whole.headers['content-length']]);
  });

  test('is not served to a POST, nor in place of a missing file', async () => {
    for (const [path, method] of [
      ['/notes/1', 'POST'],
      ['/assets/gone-123.js', 'GET'],
      ['/favicon.ico', 'GET'],
      ['/x.html', 'GET'],
    ]) {
      expect(await get(path ?? '', {}, method)).toMatchObject({
        status: 404,
        text: 'Not found\n',
        headers: { 'cache-control': 'no-store' },
      });
    }
  });
});

describe('files', () => {
  test('with a hash in their name are kept for a year, all others asked for each time', async () => {
    expect((await get('/assets/main-abc123.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    for (const path of ['/sw.js', '/manifest.webmanifest', '/rescue.html']) {
      expect((await get(path)).headers['cache-control']).toBe('no-cache');
    }
  });

  test.each([
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['identity', undefined],
  ])('go out compressed as the browser takes them: %s', async (accept, expected) => {
    for (const path of ['/sw.js', '/assets/main-abc123.js']) {
      const { headers, status } = await get(path, { 'accept-encoding': accept });
      expect([status, headers['content-encoding']]).toEqual([200, expected]);
      expect(headers['content-type']).toMatch(/^(text|application)\/javascript; charset=utf-8$/);
      expect(headers.vary?.toLowerCase()).toContain('accept-encoding');
      expect(headers['cache-control']).toBe(path === '/sw.js' ? 'no-cache' : 'public, max-age=31536000, immutable');
    }
  });

  test('without a compressed twin go out as they are', async () => {
    const answer = await get('/', { 'accept-encoding': 'br, gzip' });
    expect(answer).toMatchObject({ status: 200, text: PAGE });
    expect(answer.headers['content-encoding']).toBeUndefined();
  });

  test('only the llm worker may connect elsewhere, compressed or not', async () => {
    const wide = "connect-src 'self' https: http://localhost:* http://127.0.0.1:*;";
    for (const accept of ['br', 'identity']) {
      const { headers } = await get('/assets/llm.worker-abc123.js', { 'accept-encoding': accept });
      expect(headers['content-security-policy']).toContain(wide);
      expect(headers['content-security-policy']).toContain("script-src 'self';");
    }
    for (const path of [
      '/',
      '/sw.js',
      '/assets/store.worker-abc123.js',
      '/assets/main-abc123.js',
      '/assets/x/llm.worker-abc123.js',
      '/llm.worker-1.js',
    ]) {
      expect((await get(path)).headers['content-security-policy']).toContain("connect-src 'self';");
    }
  });

  test('rescue.html runs its own script and reaches no network', async () => {
    const policy = String((await get('/rescue.html')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).not.toContain('connect-src');
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/.%00./secret.txt',
    '//secret.txt',
    '/%',
    '/.hidden',
    '/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  ])('outside the folder, or hidden, are out of reach: %s', async (path) => {
    const answer = await get(path);
    expect(answer.text).not.toMatch(/secret|hidden|root:/);
    if (answer.status === 200) expect(answer.text).toBe(PAGE);
    else expect([400, 403, 404]).toContain(answer.status);
  });
});

test('without a built app the API works, and the page says what to do', async () => {
  const bare = await startApp();
  const answer = await sendRaw(bare.port, { path: '/', headers: { host: 'localhost' } });
  expect(answer.status).toBe(503);
  expect(answer.text).toContain('npm run build');
  expect((await sendRaw(bare.port, { path: '/api/openapi.json', headers: { host: 'localhost' } })).status).toBe(200);
  await bare.close();
});
