import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { paths } from '#core/paths.ts';
import type { Clock } from '#core/ports.ts';
import { createEventHub } from '#server/event-hub.ts';
import { GRACE_MS } from '#server/http/shutdown.ts';
import { systemClock } from '#server/system.ts';
import { type EventReader, readEvents } from '#support/event-reader.ts';
import { enterDevice, fetchJson, type RunningApp, startApp, type TestDevice } from '#support/server-http.ts';
import { makeOp, newId, openTestStorage } from '#support/server-world.ts';

const cleanup: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function start(options?: Parameters<typeof startApp>[0]): Promise<RunningApp> {
  const app = await startApp(options);
  cleanup.push(() => app.close());
  return app;
}

async function listen(app: RunningApp, device: TestDevice): Promise<EventReader> {
  const reader = await readEvents(app.url + paths.events(device.accountId), device.cookie);
  cleanup.push(reader.close);
  return reader;
}

/** A clock whose timers fire when the test says so. */
function createManualClock() {
  const timers = new Set<{ readonly ms: number; readonly fire: () => void }>();
  const clock: Clock = {
    now: systemClock.now,
    setTimer(ms, fire) {
      const timer = { ms, fire };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  return {
    clock,
    waiting: () => [...timers].map((timer) => timer.ms).sort((a, b) => a - b),
    fire(ms: number) {
      for (const timer of [...timers].filter((each) => each.ms === ms)) {
        timers.delete(timer);
        timer.fire();
      }
    },
  };
}

/** Twenty seconds: a heartbeat goes out in forty parts. */
function beatOnce(manual: ReturnType<typeof createManualClock>): void {
  for (let part = 0; part < 40; part++) manual.fire(500);
}

test('a stream begins with where the account is, and pokes after each commit of any of its devices', async () => {
  const app = await start();
  const laptop = await enterDevice(app.url);
  await laptop.push([makeOp()]);
  const reader = await listen(app, laptop);
  expect(reader.status).toBe(200);
  expect(reader.headers.get('content-type')).toBe('text/event-stream');
  expect(reader.headers.get('cache-control')).toBe('no-store');
  expect(await reader.next()).toEqual({ event: 'poke', data: { seq: 1 } });

  const { accountId, accountKey } = laptop.request;
  const phone = await enterDevice(app.url, { accountId, accountKey });
  await phone.push([makeOp(), makeOp()]);
  expect(await reader.next()).toEqual({ event: 'poke', data: { seq: 3 } });
  await laptop.push([makeOp()]);
  expect(await reader.next()).toEqual({ event: 'poke', data: { seq: 4 } });
});

test('other accounts, and pushes without effect, do not arrive', async () => {
  const app = await start();
  const [mine, theirs] = [await enterDevice(app.url), await enterDevice(app.url)];
  const op = makeOp();
  await mine.push([op]);
  const reader = await listen(app, mine);
  await reader.next();
  await theirs.push([makeOp()]);
  await mine.push([op, { bad: true }, makeOp({ id: op.id })]);
  await expect(reader.next(300)).rejects.toThrow('no event');
});

// Invariant 12
test('commits of another process on the same database arrive within a poll', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'holdfast-events-')), 'holdfast.db');
  const manual = createManualClock();
  const mine = await start({ storage: await openTestStorage({ path }), clock: manual.clock, config: { eventPollMs: 3000 } });
  const other = await start({ storage: await openTestStorage({ path }) });
  const device = await enterDevice(mine.url);
  const reader = await listen(mine, device);
  expect(await reader.next()).toEqual({ event: 'poke', data: { seq: 0 } });
  const { accountId, accountKey } = device.request;
  const elsewhere = await enterDevice(other.url, { accountId, accountKey });
  await elsewhere.push([makeOp(), makeOp()]);
  manual.fire(3000);
  expect(await reader.next()).toEqual({ event: 'poke', data: { seq: 2 } });
  // And once only.
  manual.fire(3000);
  await expect(reader.next(200)).rejects.toThrow('no event');
});

test('a heartbeat comes every 20 seconds, and no timer runs while nobody listens', async () => {
  const manual = createManualClock();
  const app = await start({ clock: manual.clock, config: { eventPollMs: 3000 } });
  const device = await enterDevice(app.url);
  expect(manual.waiting()).toEqual([]);
  const reader = await listen(app, device);
  await reader.next();
  expect(manual.waiting()).toEqual([500, 3000]);
  for (let round = 0; round < 3; round++) {
    beatOnce(manual);
    expect(await reader.next()).toEqual({ event: 'heartbeat', data: {} });
  }
  reader.close();
  await expect.poll(() => manual.waiting()).toEqual([]);
});

test('a device has two streams at most: a third ends the oldest', async () => {
  const app = await start();
  const device = await enterDevice(app.url);
  const readers: EventReader[] = [];
  for (let index = 0; index < 3; index++) {
    const reader = await listen(app, device);
    await reader.next();
    readers.push(reader);
  }
  expect(await readers[0]?.next()).toBeUndefined();
  await device.push([makeOp()]);
  for (const reader of readers.slice(1)) expect(await reader.next()).toEqual({ event: 'poke', data: { seq: 1 } });
  expect(await (await fetch(`${app.url}/metrics`)).text()).toMatch(/^holdfast_event_streams 2$/m);
});

test('the streams of one account are bounded, and leave room for others', async () => {
  const hub = createEventHub({
    storage: await openTestStorage(),
    clock: createManualClock().clock,
    pollMs: 3000,
    onError: (error) => expect.fail(String(error)),
  });
  const open = (accountId: string, deviceId: string) =>
    hub.open({ accountId, deviceId, send: () => true, end: () => {} }, 0) !== undefined;
  const [greedy, other] = [newId(), newId()];
  const devices = Array.from({ length: 120 }, newId);
  expect(devices.filter((deviceId) => open(greedy, deviceId))).toHaveLength(100);
  expect(open(other, newId())).toBe(true);
  hub.drop(greedy, devices[0] ?? '');
  expect(open(greedy, devices[119] ?? '')).toBe(true);
  hub.close();
});

test('a device that is signed out loses its stream at once, through another process by the next heartbeat', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'holdfast-events-')), 'holdfast.db');
  const manual = createManualClock();
  const app = await start({ storage: await openTestStorage({ path }), clock: manual.clock });
  const other = await start({ storage: await openTestStorage({ path }) });
  const boss = await enterDevice(app.url);
  const { accountId, accountKey } = boss.request;
  for (const through of [app, other]) {
    const device = await enterDevice(app.url, { accountId, accountKey });
    const reader = await listen(app, device);
    await reader.next();
    const headers = { cookie: boss.cookie };
    const revoked = await fetchJson(through.url + paths.device(accountId, device.deviceId), { method: 'DELETE', headers });
    expect(revoked.status).toBe(200);
    if (through === other) {
      beatOnce(manual);
      expect(await reader.next()).toEqual({ event: 'heartbeat', data: {} });
    }
    expect(await reader.next()).toBeUndefined();
  }
});

test('closing the server ends the streams and does not wait for them', async () => {
  const app = await startApp();
  const device = await enterDevice(app.url);
  const reader = await listen(app, device);
  await reader.next();
  const start = performance.now();
  await app.close();
  expect(performance.now() - start).toBeLessThan(GRACE_MS);
  expect(await reader.next()).toBeUndefined();
});

test('HEAD opens no stream', async () => {
  const app = await start();
  const device = await enterDevice(app.url);
  const answer = await fetch(app.url + paths.events(device.accountId), { method: 'HEAD', headers: { cookie: device.cookie } });
  expect(answer.status).toBe(404);
});
