import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hashText } from '#core/hash.ts';
import { paths } from '#core/paths.ts';
import { errorAnswerSchema, MAX_PUSH_OPS, manifestAnswerSchema, pushAnswerSchema } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import {
  type Answer,
  enterDevice,
  fetchJson,
  postJson,
  type RunningApp,
  readCookie,
  sendRaw,
  startApp,
} from '#support/server-http.ts';
import { makeEnter, makeOp, makePull, makePush, newId } from '#support/server-world.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** What every refusal under /api must look like. */
function expectRefused(answer: Pick<Answer, 'status' | 'json'>, status: number, type: string): void {
  expect([answer.status, answer.json]).toEqual([status, expect.objectContaining({ type })]);
  expect(v.is(errorAnswerSchema, answer.json)).toBe(true);
}

describe('the cookie', () => {
  test('is bound to the account, hidden from scripts and from other sites, and lasts 400 days', async () => {
    const request = makeEnter();
    const answer = await postJson(app.url + paths.enter, request);
    expect(answer.status).toBe(200);
    const [cookie] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^holdfast_device=[\w-]{43}; /);
    const parts = cookie?.split('; ').slice(1).sort();
    expect(parts).toEqual(['HttpOnly', 'Max-Age=34560000', `Path=/api/a/${request.accountId}`, 'SameSite=Strict']);
    expect(JSON.stringify(answer.json)).not.toContain(readCookie(answer.headers).split('=')[1]);
  });

  test('is Secure where the proxy in front says https, and always when configured so', async () => {
    const proxied = await startApp({ config: { trustProxy: true } });
    const always = await startApp({ config: { secureCookies: 'always' } });
    const https = { 'x-forwarded-proto': 'https' };
    expect((await postJson(proxied.url + paths.enter, makeEnter(), https)).headers.getSetCookie()[0]).toContain('; Secure');
    expect((await postJson(proxied.url + paths.enter, makeEnter())).headers.getSetCookie()[0]).not.toContain('; Secure');
    expect((await postJson(app.url + paths.enter, makeEnter(), https)).headers.getSetCookie()[0]).not.toContain('; Secure');
    expect((await postJson(always.url + paths.enter, makeEnter())).headers.getSetCookie()[0]).toContain('; Secure');
    await Promise.all([proxied.close(), always.close()]);
  });
});

describe('a signed-in device', () => {
  test('pushes, pulls, reads the manifest and the history', async () => {
    const device = await enterDevice(app.url);
    const op = makeOp();
    const pushed = await device.push([op]);
    expect(pushed.status).toBe(200);
    expect(v.parse(pushAnswerSchema, pushed.json)).toEqual(pushed.json);
    expect(pushed.json.results).toMatchObject([{ type: 'applied', seq: 1 }]);
    expect((await device.pull()).json.changes).toMatchObject([{ version: op.opId, deviceId: device.deviceId }]);

    const manifest = { protocol: PROTOCOL, after: null, limit: 10 };
    const posted = await device.post(paths.manifest(device.accountId), manifest);
    expect(v.parse(manifestAnswerSchema, posted.json).entries).toMatchObject([{ version: op.opId }]);
    const asked = await device.fetch(`${paths.manifest(device.accountId)}?protocol=1&limit=10`);
    expect(asked.json).toMatchObject({ entries: [{ version: op.opId }] });
    const after = await device.fetch(`${paths.manifest(device.accountId)}?protocol=1&limit=10&after=note/${op.id}`);
    expect(after.json).toMatchObject({ entries: [], digest: null });
    const history = await device.fetch(paths.history(device.accountId, 'note', op.id));
    expect(history.json).toMatchObject({ versions: [{ body: op.body }] });
  });

  test('lists the devices, sets a password, and another signs in with it', async () => {
    const device = await enterDevice(app.url);
    const name = `ada-${newId()}`;
    const password = { protocol: PROTOCOL, name, authKey: hashText('secret'), wrappedKey: 'wrapped' };
    expect(await device.post(paths.password(device.accountId), password)).toMatchObject({ status: 200, json: { done: true } });
    const login = { protocol: PROTOCOL, name, authKey: hashText('secret'), deviceId: newId(), deviceName: 'tablet' };
    const signedIn = await postJson(app.url + paths.login, login);
    expect(signedIn).toMatchObject({ status: 200, json: { accountId: device.accountId, wrappedKey: 'wrapped' } });
    const list = await fetchJson(app.url + paths.devices(device.accountId), {
      headers: { cookie: readCookie(signedIn.headers) },
    });
    expect(list.json).toMatchObject({
      devices: [
        { name: 'laptop', current: false },
        { name: 'tablet', current: true },
      ],
    });

    const rename = (deviceId: string, name: string) =>
      device.post(paths.device(device.accountId, deviceId), { protocol: PROTOCOL, name });
    expect(await rename(device.deviceId, 'Schreibtisch')).toMatchObject({ status: 200, json: { done: true } });
    expectRefused(await rename(login.deviceId, 'Not mine'), 403, 'forbidden');
    for (const refused of ['', 'x'.repeat(201)]) expectRefused(await rename(device.deviceId, refused), 400, 'malformed');
    const named = await device.fetch(paths.devices(device.accountId));
    expect(named.json).toMatchObject({ devices: [{ name: 'Schreibtisch', current: true }, { name: 'tablet' }] });

    const revoked = await device.fetch(paths.device(device.accountId, login.deviceId), { method: 'DELETE' });
    expect(revoked).toMatchObject({ status: 200, json: { done: true } });
    const refused = await fetchJson(app.url + paths.devices(device.accountId), {
      headers: { cookie: readCookie(signedIn.headers) },
    });
    expectRefused(refused, 403, 'revoked');
    expectRefused(await postJson(app.url + paths.login, { ...login, authKey: hashText('guess') }), 403, 'forbidden');
  });

  test('a device whose past is not this one is asked to reconcile', async () => {
    const device = await enterDevice(app.url);
    expectRefused(await device.push([makeOp()], { seen: { seq: 5, opId: newId() } }), 409, 'reconcile');
  });
});

describe('without the right cookie', () => {
  const guarded = (accountId: string): readonly (readonly [string, string, string])[] => [
    ['POST', paths.push(accountId), JSON.stringify(makePush([]))],
    ['POST', paths.pull(accountId), JSON.stringify(makePull({ cursor: 0 }))],
    ['GET', `${paths.manifest(accountId)}?protocol=1&limit=1`, ''],
    ['GET', paths.history(accountId, 'note', newId()), ''],
    ['GET', paths.events(accountId), ''],
    ['POST', paths.password(accountId), '{}'],
    ['GET', paths.devices(accountId), ''],
    ['POST', paths.device(accountId, newId()), '{}'],
    ['DELETE', paths.device(accountId, newId()), ''],
  ];

  test('everything of an account is refused: none, a guessed one, one of another account', async () => {
    const [mine, theirs] = [await enterDevice(app.url), await enterDevice(app.url)];
    for (const [method, path, body] of guarded(mine.accountId)) {
      for (const cookie of [
        undefined,
        'holdfast_device=',
        `holdfast_device=${'A'.repeat(43)}`,
        theirs.cookie,
        `${mine.cookie}x`,
      ]) {
        const headers = { ...(cookie !== undefined && { cookie }), ...(body && { 'content-type': 'application/json' }) };
        const answer = await fetchJson(app.url + path, { method, headers, ...(body && { body }) });
        expectRefused(answer, 401, 'unauthorized');
      }
    }
  });

  test('an account that is no id, or not there, learns nothing more', async () => {
    const device = await enterDevice(app.url);
    expectRefused(
      await fetchJson(`${app.url}/api/a/..%2f${device.accountId}/devices`, { headers: { cookie: device.cookie } }),
      404,
      'not-found',
    );
    expectRefused(await fetchJson(app.url + paths.devices(newId()), { headers: { cookie: device.cookie } }), 401, 'unauthorized');
  });
});

describe('who is asking', () => {
  test.each([
    ['another port of localhost (the same site)', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:9999' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a link or a form from nowhere', { 'sec-fetch-site': 'none' }],
    ['another origin of an older browser', { origin: 'http://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
  ])('%s is refused, cookie or not', async (_who, headers) => {
    const device = await enterDevice(app.url);
    const answer = await device.fetch(paths.devices(device.accountId), { headers });
    expectRefused(answer, 403, 'forbidden');
    expectRefused(await postJson(app.url + paths.enter, makeEnter(), headers), 403, 'forbidden');
  });

  test('our own page is let in', async () => {
    const device = await enterDevice(app.url);
    for (const headers of [
      { 'sec-fetch-site': 'same-origin' },
      { origin: app.url },
      { 'sec-fetch-site': 'same-origin', origin: app.url },
    ]) {
      expect((await device.fetch(paths.devices(device.accountId), { headers })).status).toBe(200);
    }
  });

  test.each(['evil.example', 'evil.example:8787', 'localhost.evil.example', 'localhostx'])(
    'the host name %s is refused',
    async (host) => {
      for (const path of ['/', '/api/docs', '/healthz', paths.devices(newId())]) {
        const answer = await sendRaw(app.port, { path, headers: { host } });
        expect(answer.status).toBe(403);
        expect(JSON.parse(answer.text)).toMatchObject({ type: 'forbidden' });
      }
    },
  );

  test.each(['localhost', 'localhost:8787', 'app.localhost:1', '127.0.0.1:8787', '192.168.1.20', '[::1]:8787'])(
    'the host %s is ours',
    async (host) => {
      expect((await sendRaw(app.port, { path: '/healthz', headers: { host } })).status).toBe(200);
    },
  );

  test('a host name from the allow-list is ours', async () => {
    const named = await startApp({ config: { allowedHosts: ['notes.example'] } });
    expect((await sendRaw(named.port, { path: '/healthz', headers: { host: 'Notes.Example:443' } })).status).toBe(200);
    expect((await sendRaw(named.port, { path: '/healthz', headers: { host: 'x.notes.example' } })).status).toBe(403);
    await named.close();
  });
});

describe('bodies', () => {
  const send = async (body: Buffer | string, headers: Record<string, string>) => {
    const device = await enterDevice(app.url);
    const all = { host: 'localhost', cookie: device.cookie, ...headers };
    const answer = await sendRaw(app.port, { method: 'POST', path: paths.push(device.accountId), headers: all, body });
    return { status: answer.status, json: JSON.parse(answer.text) as unknown };
  };
  const json = { 'content-type': 'application/json' };

  test('gzip is taken, and JSON with a charset', async () => {
    const op = makeOp({ body: 'ß'.repeat(50_000) });
    const body = JSON.stringify(makePush([op]));
    expect(await send(gzipSync(body), { ...json, 'content-encoding': 'gzip' })).toMatchObject({
      status: 200,
      json: { results: [{ type: 'applied' }] },
    });
    expect((await send(body, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200);
  });

  test.each([
    ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text, which needs no permission to be sent across sites', '{}', { 'content-type': 'text/plain' }, 415],
    ['no type', '{}', {}, 415],
    ['another compression', '{}', { ...json, 'content-encoding': 'br' }, 415],
    ['broken gzip', 'not gzip', { ...json, 'content-encoding': 'gzip' }, 400],
    ['half a JSON', '{"protocol":', json, 400],
    ['nothing', '', json, 400],
    ['a prototype', '{"__proto__":{"x":1}}', json, 400],
    ['a constructor', '{"constructor":{"prototype":{"x":1}}}', json, 400],
    ['a deep nest', '['.repeat(200_000) + ']'.repeat(200_000), json, 400],
    ['a deep op', JSON.stringify(makePush([])).replace('[]', `[${'['.repeat(50)}${']'.repeat(50)}]`), json, 400],
    ['an array', '[]', json, 400],
    ['too many ops', JSON.stringify(makePush(Array.from({ length: MAX_PUSH_OPS + 1 }, () => 0))), json, 400],
  ])('%s is refused', async (_what, body, headers, status) => {
    expectRefused(await send(body, headers), status, 'malformed');
  });

  test.each([0, 2, 99])('protocol %i asks for an update first', async (protocol) => {
    expectRefused(await send(JSON.stringify({ ...makePush([makeOp()]), protocol }), json), 426, 'update-required');
  });

  test('a request above the limit is refused, also when only its inflated size is', async () => {
    const small = await startApp({ config: { maxRequestBytes: 10_000 } });
    const device = await enterDevice(small.url);
    const body = JSON.stringify(makePush([makeOp({ body: 'x'.repeat(5_000_000) })]));
    expectRefused(await device.push([makeOp({ body: 'x'.repeat(20_000) })]), 413, 'too-large');
    const packed = gzipSync(body);
    expect(packed.length).toBeLessThan(10_000);
    const headers = { ...json, host: 'localhost', cookie: device.cookie, 'content-encoding': 'gzip' };
    const answer = await sendRaw(small.port, { method: 'POST', path: paths.push(device.accountId), headers, body: packed });
    expectRefused({ status: answer.status, json: JSON.parse(answer.text) }, 413, 'too-large');
    expect((await device.pull()).json.changes).toEqual([]);
    expect((await device.push([makeOp()])).status).toBe(200);
    await small.close();
  });

  test.each([
    [
      'empty arrays without end',
      `{"protocol":1,"epoch":null,"seen":null,"ops":[${'[],'.repeat(33_000_000)}0]}`,
      400,
      'malformed',
    ],
    ['numbers without end', `{"protocol":1,"ops":[${'1,'.repeat(40_000_000)}0]}`, 400, 'malformed'],
    ['blanks without end', `{"protocol":1,"ops":[${' '.repeat(90_000_000)}]}`, 413, 'too-large'],
    ['a long string that is no op', `{"protocol":1,"ops":["${'a'.repeat(90_000_000)}"]}`, 413, 'too-large'],
    ['a body with more characters than one may have', `{"ops":[{"body":"${'a'.repeat(90_000_000)}"}]}`, 413, 'too-large'],
    ['many ops with long bodies', `{"ops":[${`{"body":"${'a'.repeat(1_000_000)}"},`.repeat(90)}0]}`, 413, 'too-large'],
  ])('%s, small as gzip, is refused while it arrives', async (_what, body, status, type) => {
    expectRefused(await send(gzipSync(body, { level: 1 }), { ...json, 'content-encoding': 'gzip' }), status, type);
    expect((await send(JSON.stringify(makePush([makeOp()])), json)).status).toBe(200);
  });

  test('a request that comes a byte at a time is refused, and one in the smallest packets of a network is taken', async () => {
    const device = await enterDevice(app.url);
    /** Each piece is a chunk of its own, and Node hands each over by itself. */
    const inPieces = (text: string, size: number): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { ...json, host: 'localhost', cookie: device.cookie, 'transfer-encoding': 'chunked' };
        const options = { host: '127.0.0.1', port: app.port, method: 'POST', path: paths.push(device.accountId), headers };
        const sent = request(options, (answer) => resolve(answer.resume().statusCode));
        sent.on('error', reject);
        for (let at = 0; at < text.length; at += size) sent.write(text.slice(at, at + size));
        sent.end();
      });
    const push = (chars: number) => JSON.stringify(makePush([makeOp({ body: 'p'.repeat(chars) })]));
    expect(await inPieces(push(30_000), 1)).toBe(400);
    expect(await inPieces(push(3_000_000), 300)).toBe(200);
    expect(await inPieces(push(3000), 1)).toBe(200);
  });

  test('while a large request of an account is under way, another of it is asked to come again', async () => {
    const device = await enterDevice(app.url);
    const large = (): Promise<{ readonly status: number }> => device.push([makeOp({ body: 'c'.repeat(5_000_000) })]);
    const headers = { ...json, host: 'localhost', cookie: device.cookie, 'content-length': 9_000_000 };
    const slow = request({ host: '127.0.0.1', port: app.port, method: 'POST', path: paths.push(device.accountId), headers });
    slow.on('error', () => {});
    slow.write(`{"ops":[{"body":"${'s'.repeat(8_000_000)}`);
    await expect.poll(async () => (await large()).status, { timeout: 20_000 }).toBe(503);
    expect((await device.push([makeOp()])).status).toBe(200);
    slow.destroy();
    await expect.poll(async () => (await large()).status, { timeout: 20_000 }).toBe(200);
  });

  test('a stranger may send only little', async () => {
    const answer = await postJson(app.url + paths.enter, makeEnter({ deviceName: 'x'.repeat(20_000) }));
    expectRefused(answer, 413, 'too-large');
  });

  test('a bad op between good ones is rejected alone', async () => {
    const device = await enterDevice(app.url);
    const answer = await device.push([makeOp(), { opId: 1 }, makeOp()]);
    expect(answer.json.results.map((result) => result.type)).toEqual(['applied', 'rejected', 'applied']);
  });
});

describe('answers', () => {
  test('of the API are never cached and carry the safe headers; large ones are compressed', async () => {
    const device = await enterDevice(app.url);
    await device.push([makeOp({ body: 'x'.repeat(50_000) })]);
    const answers = [
      await device.pull(),
      await fetchJson(`${app.url}/api/nothing`),
      await fetchJson(app.url + paths.devices(newId())),
    ];
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect(answers[0]?.headers.get('content-encoding')).toBe('gzip');
    expect(answers[1]?.headers.get('content-encoding')).toBeNull();
  });

  test.each(['/api', '/api/', '/api/x', '/api/a', '/api/a/x/y', '/api/../api/x', '/api//push'])(
    '%s is a JSON 404',
    async (path) => {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        const answer = await sendRaw(app.port, { method, path, headers: { host: 'localhost' } });
        expectRefused({ status: answer.status, json: JSON.parse(answer.text) }, 404, 'not-found');
      }
    },
  );

  test('a failure inside says nothing of itself to the outside', async () => {
    const broken = await startApp();
    const device = await enterDevice(broken.url);
    await broken.storage.close();
    expectRefused(await device.push([makeOp()]), 500, 'internal');
    expect(JSON.stringify((await device.pull()).json)).not.toMatch(/driver|sqlite|destroyed/i);
    expect((await fetchJson(`${broken.url}/readyz`)).status).toBe(503);
    expect((await fetchJson(`${broken.url}/healthz`)).status).toBe(200);
    await broken.close();
  });
});

describe('rates', () => {
  test('sign-ins by password are few a minute, by address and by name', async () => {
    const strict = await startApp({ config: { rates: { perAddress: 1000, perAccount: 1000, enter: 1000, login: 2 } } });
    const login = { protocol: PROTOCOL, name: 'ada', authKey: hashText('x'), deviceId: newId(), deviceName: '' };
    const statuses: number[] = [];
    for (let index = 0; index < 3; index++) statuses.push((await postJson(strict.url + paths.login, login)).status);
    expect(statuses).toEqual([403, 403, 429]);
    const limited = await postJson(strict.url + paths.login, login);
    expectRefused(limited, 429, 'rate-limited');
    const seconds = Number(limited.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    await strict.close();
  });

  test('a clock that is set back by an hour, or ahead, neither locks anybody out for that hour nor opens the window', async () => {
    const strict = await startApp({ config: { rates: { perAddress: 1000, perAccount: 1000, enter: 1, login: 5 } } });
    const enter = () => postJson(strict.url + paths.enter, makeEnter());
    expect((await enter()).status).toBe(200);
    for (const byMs of [-3_600_000, 3_600_000]) {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs });
      const limited = await enter();
      expectRefused(limited, 429, 'rate-limited');
      const seconds = Number(limited.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
      vi.useRealTimers();
    }
    await strict.close();
  });

  test('accounts are created, and requests made, at a bounded rate; another account is not hindered by one that is busy', async () => {
    const strict = await startApp({ config: { rates: { perAddress: 30, perAccount: 3, enter: 2, login: 5 } } });
    const [busy, calm] = [await enterDevice(strict.url), await enterDevice(strict.url)];
    expectRefused(await postJson(strict.url + paths.enter, makeEnter()), 429, 'rate-limited');
    const statuses: number[] = [];
    for (let index = 0; index < 5; index++) statuses.push((await busy.push([makeOp()])).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await busy.push([])).headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await calm.push([makeOp()])).status).toBe(200);
    for (let index = 0; index < 30; index++) await fetchJson(`${strict.url}/api/nothing`);
    expectRefused(await calm.push([makeOp()]), 429, 'rate-limited');
    expect((await fetchJson(`${strict.url}/healthz`)).status).toBe(200);
    await strict.close();
  });

  test('an address that a proxy appends counts, one that the client made up does not', async () => {
    const rates = { perAddress: 2, perAccount: 100, enter: 100, login: 100 };
    const proxied = await startApp({ config: { trustProxy: true, rates } });
    const direct = await startApp({ config: { rates } });
    const ask = async (url: string, forwarded: string) =>
      (await fetchJson(`${url}/api/nothing`, { headers: { 'x-forwarded-for': forwarded } })).status;
    for (const from of ['1.1.1.1', '2.2.2.2'])
      for (let index = 0; index < 2; index++) expect(await ask(proxied.url, from)).toBe(404);
    expect(await ask(proxied.url, '9.9.9.9, 1.1.1.1')).toBe(429);
    for (const from of ['1.1.1.1', '2.2.2.2']) expect(await ask(direct.url, from)).toBe(404);
    expect(await ask(direct.url, '3.3.3.3')).toBe(429);
    await Promise.all([proxied.close(), direct.close()]);
  });
});

describe('what is there to read', () => {
  test('the OpenAPI document names every path of the protocol', async () => {
    const { json } = await fetchJson(`${app.url}/api/openapi.json`);
    const document = json as { readonly openapi: string; readonly paths: Readonly<Record<string, object>> };
    expect(document.openapi).toBe('3.1.0');
    const account = '{accountId}';
    const expected = [
      paths.enter,
      paths.login,
      ...[
        paths.push,
        paths.pull,
        paths.manifest,
        paths.events,
        paths.password,
        paths.devices,
        paths.missingBlobs,
        paths.backups,
        paths.deleteAccount,
      ].map((path) => path(account)),
      paths.history(account, '{kind}', '{id}'),
      paths.device(account, '{deviceId}'),
      paths.blob(account, '{hash}'),
      paths.backup(account, '{id}'),
    ];
    expect(Object.keys(document.paths).sort()).toEqual(expected.sort());
    expect(JSON.stringify(document)).toContain('"opId"');
  });

  test('the page for people needs no script, no style of its own line and no other host', async () => {
    const page = await fetch(`${app.url}/api/docs`);
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html).toContain('POST /api/accounts/enter');
    expect(html).not.toMatch(/<script|style=|https?:/);
    expect((await fetch(`${app.url}/api/docs.css`)).headers.get('content-type')).toBe('text/css; charset=utf-8');
  });

  test('metrics count pushed ops by result and requests by route, and name no account', async () => {
    const own = await startApp();
    const device = await enterDevice(own.url);
    await device.push([makeOp(), { opId: 1 }]);
    await device.pull();
    const text = await (await fetch(`${own.url}/metrics`)).text();
    expect(text).toMatch(/^holdfast_push_ops_total\{result="applied"\} 1$/m);
    expect(text).toMatch(/^holdfast_push_ops_total\{result="malformed"\} 1$/m);
    expect(text).toMatch(/^holdfast_requests_total\{method="POST",route="\/api\/a\/:accountId\/push",status="200"\} 1$/m);
    expect(text).toMatch(/^holdfast_pull_changes_total 1$/m);
    expect(text).toMatch(/^holdfast_event_streams 0$/m);
    expect(text).toMatch(/^holdfast_storage_seconds_count\{mode="write",outcome="ok"\} \d+$/m);
    expect(text).not.toContain(device.accountId);
    await own.close();
    const silent = await startApp({ config: { metrics: false } });
    expect((await fetch(`${silent.url}/metrics`)).status).not.toBe(200);
    await silent.close();
  });
});
