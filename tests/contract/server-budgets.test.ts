/** What one account or one peer can take of the server, and that others go on meanwhile. */
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import { paths } from '#core/paths.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { createBudget } from '#server/http/budget.ts';
import { enterDevice, postJson, type RunningApp, startApp, type TestDevice } from '#support/server-http.ts';
import { makeOp, makePull, newId } from '#support/server-world.ts';

const cleanup: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function start(options?: Parameters<typeof startApp>[0]): Promise<RunningApp> {
  const app = await startApp(options);
  cleanup.push(() => app.close());
  return app;
}

/** Asks for everything of the account, and reads nothing of the answer. */
function pullUnread(app: RunningApp, { accountId, cookie }: TestDevice): Socket {
  const body = JSON.stringify(makePull({ cursor: 0, maxBytes: 16_000_000 }));
  const head = [
    `POST ${paths.pull(accountId)} HTTP/1.1`,
    'host: localhost',
    `cookie: ${cookie}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  const socket = connect({ port: app.port, host: '127.0.0.1' });
  socket.pause();
  socket.on('error', () => {});
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  cleanup.push(() => void socket.destroy());
  return socket;
}

test('readers that never read get no further answers, until what they have is read or gone; others are served', async () => {
  const app = await start();
  const [greedy, other] = [await enterDevice(app.url), await enterDevice(app.url)];
  for (let index = 0; index < 4; index++) await greedy.push([makeOp({ body: `${index}`.repeat(3_900_000) })]);
  const sockets = Array.from({ length: 8 }, () => pullUnread(app, greedy));
  await expect.poll(async () => (await greedy.pull()).status, { timeout: 20_000 }).toBe(429);
  expect((await other.push([makeOp()])).status).toBe(200);
  expect((await other.pull()).json.changes).toHaveLength(1);
  for (const socket of sockets) socket.destroy();
  await expect.poll(async () => (await greedy.pull()).status, { timeout: 20_000 }).toBe(200);
});

test('an answer that is not read in time ends with its connection', async () => {
  const timers: { readonly ms: number; readonly fire: () => void }[] = [];
  const clock = {
    now: Date.now,
    setTimer(ms: number, fire: () => void) {
      timers.push({ ms, fire });
      return () => {};
    },
  };
  const app = await start({ clock });
  const device = await enterDevice(app.url);
  for (let index = 0; index < 4; index++) await device.push([makeOp({ body: `${index}`.repeat(3_900_000) })]);
  const before = timers.length;
  const socket = pullUnread(app, device);
  await expect
    .poll(() => timers.slice(before).filter(({ ms }) => ms > 60_000 + 15_000_000 * 0.5), { timeout: 20_000 })
    .toHaveLength(1);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  for (const timer of timers.slice(before)) timer.fire();
  socket.resume();
  await ended;
  expect(socket.bytesRead).toBeLessThan(15_000_000);
});

test('passwords are hashed one after the other, a few at a time are asked to come again, and others go on', async () => {
  const app = await start({ config: { rates: { perAddress: 10_000, perAccount: 10_000, enter: 1000, login: 1000 } } });
  const device = await enterDevice(app.url);
  const login = { protocol: PROTOCOL, authKey: hashText('guess'), deviceId: newId(), deviceName: '' };
  const guesses = Array.from({ length: 70 }, (_, at) => postJson(app.url + paths.login, { ...login, name: `name ${at}` }));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([403, 503]));
  expect(statuses.filter((status) => status === 403).length).toBeGreaterThanOrEqual(50);
  const password = { protocol: PROTOCOL, name: 'ada', authKey: hashText('secret'), wrappedKey: 'wrapped' };
  expect((await device.post(paths.password(device.accountId), password)).status).toBe(200);
});

test('passwords are set a few times a minute', async () => {
  const app = await start({ config: { rates: { perAddress: 1000, perAccount: 1000, enter: 1000, login: 2 } } });
  const device = await enterDevice(app.url);
  const password = { protocol: PROTOCOL, name: 'ada', authKey: hashText('secret'), wrappedKey: 'wrapped' };
  const statuses = [];
  for (let index = 0; index < 3; index++) statuses.push((await device.post(paths.password(device.accountId), password)).status);
  expect(statuses).toEqual([200, 200, 429]);
});

test('an account has so many devices at most; one that is known enters again', async () => {
  const app = await start({ config: { rates: { perAddress: 10_000, perAccount: 10_000, enter: 1000, login: 1000 } } });
  const { request } = await enterDevice(app.url);
  const { accountId, accountKey } = request;
  for (let index = 1; index < 200; index++) await enterDevice(app.url, { accountId, accountKey });
  const refused = await postJson(app.url + paths.enter, { ...request, deviceId: newId() });
  expect(refused).toMatchObject({ status: 403, json: { type: 'forbidden' } });
  expect((await postJson(app.url + paths.enter, request)).status).toBe(200);
});

test('a budget gives what is free, to one owner no more than its part, and takes back what was given once', () => {
  const budget = createBudget(10, 6);
  const first = budget.take('a', 6);
  expect(budget.take('a', 1)).toBeUndefined();
  expect(budget.take('b', 5)).toBeUndefined();
  expect(budget.take('b', 4)).toBeTypeOf('function');
  first?.();
  first?.();
  expect(budget.take('a', 6)).toBeTypeOf('function');
  expect(budget.take('c', 1)).toBeUndefined();
});

test('a single thing beyond a part passes while its owner has nothing and there is room', () => {
  expect(createBudget(10, 6).take('a', 8)).toBeTypeOf('function');
});
