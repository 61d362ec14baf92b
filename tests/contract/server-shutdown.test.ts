import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { paths } from '#core/paths.ts';
import { GRACE_MS } from '#server/http/shutdown.ts';
import { enterDevice, startApp } from '#support/server-http.ts';
import { makeOp, makePush } from '#support/server-world.ts';

/** Reads until the other side closes. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(socket, 'close');
  return text;
}

function makeRequest(cookie: string, path: string, body: string): string {
  const headers = [
    'host: localhost',
    `cookie: ${cookie}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return `POST ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
}

test('a closing server does not wait for connections that a browser opened ahead of need', async () => {
  const app = await startApp();
  const silent = connect(app.port, '127.0.0.1');
  await once(silent, 'connect');
  const start = performance.now();
  const [text] = await Promise.all([readAll(silent), app.close()]);
  expect(text).toBe('');
  expect(performance.now() - start).toBeLessThan(GRACE_MS);
});

test('a push that is under way is finished and answered first', async () => {
  let letGo = (): void => {};
  let committed = (): void => {};
  const reached = new Promise<void>((resolve) => {
    committed = resolve;
  });
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const afterCommit = async () => {
    committed();
    await held;
  };
  const app = await startApp({ hooks: { afterCommit } });
  const device = await enterDevice(app.url);
  const pushing = device.push([makeOp()]);
  await reached;
  const closed = app.close();
  await sleep(100);
  letGo();
  expect((await pushing).json.results).toMatchObject([{ type: 'applied' }]);
  await closed;
});

test('a body that never comes to its end is cut off in time, and others are served meanwhile', async () => {
  const app = await startApp({ config: { requestTimeoutMs: 1000 } });
  const device = await enterDevice(app.url);
  const body = JSON.stringify(makePush([makeOp()]));
  const slow = connect(app.port, '127.0.0.1');
  slow.write(makeRequest(device.cookie, paths.push(device.accountId), body).slice(0, -5));
  const ended = readAll(slow);
  const start = performance.now();
  for (let index = 0; index < 5; index++) expect((await device.push([makeOp()])).status).toBe(200);
  expect(await ended).toMatch(/^HTTP\/1\.1 408 /);
  expect(performance.now() - start).toBeLessThan(5000);
  expect((await device.pull()).json.changes).toHaveLength(5);
  await app.close();
});

test('headers that trickle in are cut off in time', async () => {
  const app = await startApp({ config: { requestTimeoutMs: 1000 } });
  const slow = connect(app.port, '127.0.0.1');
  slow.write('GET / HTTP/1.1\r\nhost: localhost\r\nx-a');
  expect(await readAll(slow)).toMatch(/^HTTP\/1\.1 408 /);
  await app.close();
});

test('what is no HTTP at all is cut off at once', async () => {
  const app = await startApp();
  const strange = connect(app.port, '127.0.0.1');
  strange.write('\u0016\u0003\u0001\u0002\u0000 hello\r\n\r\n');
  expect(await readAll(strange)).toMatch(/^HTTP\/1\.1 400 /);
  await app.close();
});
