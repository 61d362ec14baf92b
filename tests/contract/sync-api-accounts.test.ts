import { scryptSync } from 'node:crypto';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { deviceListSchema, enterAnswerSchema, type LoginRequest, loginAnswerSchema } from '#core/account-protocol.ts';
import { hashText } from '#core/hash.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { createSyncApi, type SyncApi } from '#server/api/sync-api.ts';
import { defaultLimits, type Registration } from '#server/limits.ts';
import { TOKENS_PER_DEVICE } from '#server/storage/storage.ts';
import {
  createServerWorld,
  createTestClock,
  createTestRandom,
  expectErr,
  expectOk,
  makeEnter,
  makeOp,
  makePush,
  newId,
  openTestStorage,
  quickHash,
  type ServerWorld,
} from '#support/server-world.ts';

/** Another server process on the same storage, with other registration rules. */
function withRegistration({ storage, clock }: ServerWorld, registration: Registration): SyncApi {
  return createSyncApi({ storage, clock, random: createTestRandom(), limits: { ...defaultLimits, registration } });
}

describe('enter', () => {
  test('creates an account, and joins it with the same key from any device', async () => {
    const world = await createServerWorld();
    const request = makeEnter();
    const { answer } = expectOk(await world.api.enter(request));
    expect(v.parse(enterAnswerSchema, answer)).toEqual(answer);
    expect(answer).toMatchObject({ accountId: request.accountId, created: true, seen: null });
    const again = expectOk(await world.api.enter(request));
    expect(again.answer).toEqual({ ...answer, created: false });
    const phone = expectOk(await world.api.enter({ ...request, deviceId: newId(), deviceName: 'phone' }));
    expect(phone.answer.epoch).toBe(answer.epoch);
  });

  test('refuses another key, and leaves everything as it was', async () => {
    const world = await createServerWorld();
    const request = makeEnter();
    const { token } = expectOk(await world.api.enter(request));
    const wrong = await world.api.enter({ ...request, accountKey: 'f'.repeat(32), deviceId: newId() });
    expect(expectErr(wrong)).toMatchObject({ status: 403, error: { type: 'forbidden' } });
    expect(expectOk(await world.api.authenticate(request.accountId, token))).toEqual({ deviceId: request.deviceId });
    expect(expectOk(await world.api.listDevices(request.accountId, request.deviceId)).devices).toHaveLength(1);
  });

  test('two devices that enter at once make one account', async () => {
    const world = await createServerWorld();
    const request = makeEnter();
    const both = await Promise.all([world.api.enter(request), world.api.enter({ ...request, deviceId: newId() })]);
    expect(both.map((result) => expectOk(result).answer.created).sort()).toEqual([false, true]);
    expect(new Set(both.map((result) => expectOk(result).answer.epoch)).size).toBe(1);
  });

  test('an answer that was lost, or overtaken, signs nobody out: a device has a few tokens', async () => {
    const world = await createServerWorld();
    const request = makeEnter();
    const phone = expectOk(await world.api.enter({ ...request, deviceId: newId() }));
    const tokens: string[] = [];
    for (let index = 0; index < TOKENS_PER_DEVICE + 1; index++) {
      world.clock.advance(1);
      tokens.push(expectOk(await world.api.enter(request)).token);
    }
    const [oldest, ...rest] = tokens;
    for (const token of rest) expectOk(await world.api.authenticate(request.accountId, token));
    expect(expectErr(await world.api.authenticate(request.accountId, oldest ?? ''))).toMatchObject({ status: 401 });
    expectOk(await world.api.authenticate(request.accountId, phone.token));
  });

  test('a closed server lets known accounts in and creates none', async () => {
    const open = await createServerWorld();
    const closed = withRegistration(open, { mode: 'closed' });
    expect(expectErr(await closed.enter(makeEnter()))).toMatchObject({ status: 403, error: { type: 'forbidden' } });
    const { accountId, accountKey } = open;
    expectOk(await closed.enter(makeEnter({ accountId, accountKey })));
  });

  test('with a code, the code is asked for to create, and only then', async () => {
    const world = withRegistration(await createServerWorld(), { mode: 'code', code: 'orange-42' });
    const request = makeEnter();
    for (const bad of [request, { ...request, code: '' }, { ...request, code: 'orange-43' }]) {
      expect(expectErr(await world.enter(bad))).toMatchObject({ status: 403, error: { type: 'code-required' } });
    }
    expectOk(await world.enter({ ...request, code: 'orange-42' }));
    expectOk(await world.enter({ ...request, deviceId: newId() }));
  });
});

test('two servers of a test on one database never mint the same token, whichever world it is', async () => {
  for (let worlds = 0; worlds < 120; worlds++) {
    const world = await createServerWorld();
    expectOk(await withRegistration(world, { mode: 'open' }).enter(makeEnter()));
  }
});

describe('authenticate', () => {
  test('knows a token in its own account only', async () => {
    const world = await createServerWorld();
    const other = makeEnter();
    expectOk(await world.api.enter(other));
    expect(expectOk(await world.api.authenticate(world.accountId, world.token))).toEqual({ deviceId: world.deviceId });
    expect(expectErr(await world.api.authenticate(other.accountId, world.token))).toMatchObject({ status: 401 });
    expect(expectErr(await world.api.authenticate(newId(), world.token))).toMatchObject({ status: 401 });
    for (const guess of ['', world.token.slice(1), `${world.token}x`, world.token.toUpperCase()]) {
      expect(expectErr(await world.api.authenticate(world.accountId, guess)).error.type).toBe('unauthorized');
    }
  });

  test('notes when a device was seen, to within five minutes', async () => {
    const world = await createServerWorld();
    const lastSeen = async () => expectOk(await world.api.listDevices(world.accountId, world.deviceId)).devices[0]?.lastSeenAt;
    const start = await lastSeen();
    world.clock.advance(299_000);
    expectOk(await world.api.authenticate(world.accountId, world.token));
    expect(await lastSeen()).toBe(start);
    world.clock.advance(2000);
    expectOk(await world.api.authenticate(world.accountId, world.token));
    expect(await lastSeen()).toBe((start ?? 0) + 301_000);
  });
});

describe('devices', () => {
  test('are listed with the one that asks marked, and a revoked one is gone, refused and stays out', async () => {
    const world = await createServerWorld();
    const phone = makeEnter({ accountId: world.accountId, accountKey: world.accountKey, deviceName: 'phone' });
    world.clock.advance(1);
    const { token } = expectOk(await world.api.enter(phone));
    const list = async () => expectOk(await world.api.listDevices(world.accountId, world.deviceId));
    expect(v.parse(deviceListSchema, await list())).toEqual(await list());
    expect((await list()).devices.map(({ name, current }) => [name, current])).toEqual([
      ['laptop', true],
      ['phone', false],
    ]);

    expect(expectOk(await world.api.revokeDevice(world.accountId, phone.deviceId))).toEqual({ done: true });
    expectOk(await world.api.revokeDevice(world.accountId, phone.deviceId));
    expect((await list()).devices.map(({ name }) => name)).toEqual(['laptop']);
    expect(expectErr(await world.api.authenticate(world.accountId, token))).toMatchObject({
      status: 403,
      error: { type: 'revoked' },
    });
    expect(expectErr(await world.api.enter(phone))).toMatchObject({ status: 403, error: { type: 'revoked' } });
    expectOk(await world.api.authenticate(world.accountId, world.token));
  });

  test('are called what they say of themselves, and remain what they were', async () => {
    const world = await createServerWorld();
    const [before] = expectOk(await world.api.listDevices(world.accountId, world.deviceId)).devices;
    const request = { protocol: PROTOCOL, name: 'حاسوبي 💻' } as const;
    expect(expectOk(await world.api.renameDevice(world.accountId, world.deviceId, request))).toEqual({ done: true });
    const [after] = expectOk(await world.api.listDevices(world.accountId, world.deviceId)).devices;
    expect(after).toEqual({ ...before, name: request.name });
    expectOk(await world.api.authenticate(world.accountId, world.token));
    expect(expectErr(await world.api.renameDevice(world.accountId, newId(), request))).toMatchObject({ status: 404 });
  });

  test('of another account, or unknown, are not found', async () => {
    const world = await createServerWorld();
    const other = makeEnter();
    const { token } = expectOk(await world.api.enter(other));
    for (const deviceId of [other.deviceId, newId()]) {
      expect(expectErr(await world.api.revokeDevice(world.accountId, deviceId))).toMatchObject({
        status: 404,
        error: { type: 'not-found' },
      });
    }
    expectOk(await world.api.authenticate(other.accountId, token));
  });
});

describe('name and password', () => {
  const password = { protocol: PROTOCOL, name: 'ada', authKey: hashText('secret'), wrappedKey: 'wrapped' } as const;
  const makeLogin = (change: Partial<LoginRequest> = {}): LoginRequest => {
    return { protocol: PROTOCOL, name: 'ada', authKey: hashText('secret'), deviceId: newId(), deviceName: 'tablet', ...change };
  };

  test('open the account to a new device, which gets the wrapped key and what a push needs', async () => {
    const world = await createServerWorld();
    expect(expectOk(await world.api.setPassword(world.accountId, password))).toEqual({ done: true });
    const request = makeLogin();
    const { answer, token } = expectOk(await world.api.login(request));
    expect(v.parse(loginAnswerSchema, answer)).toEqual(answer);
    expect(answer).toMatchObject({ accountId: world.accountId, wrappedKey: 'wrapped' });
    expect(expectOk(await world.api.authenticate(world.accountId, token))).toEqual({ deviceId: request.deviceId });
    expectOk(
      await world.api.push(answer.accountId, request.deviceId, makePush([makeOp()], { epoch: answer.epoch, seen: answer.seen })),
    );
  });

  test('a wrong password and an unknown name are refused alike', async () => {
    const world = await createServerWorld();
    expectOk(await world.api.setPassword(world.accountId, password));
    const wrong = expectErr(await world.api.login(makeLogin({ authKey: hashText('guess') })));
    const unknown = expectErr(await world.api.login(makeLogin({ name: 'bob' })));
    expect(wrong).toMatchObject({ status: 403, error: { type: 'forbidden' } });
    expect(unknown).toEqual(wrong);
  });

  test('an unknown name is hashed as a wrong password is: the time of the answer lists no names', async () => {
    const hashed: string[] = [];
    const world = await createServerWorld({
      passwordHash: (authKey, salt) => {
        hashed.push(authKey);
        return quickHash(authKey, salt);
      },
    });
    expectOk(await world.api.setPassword(world.accountId, password));
    hashed.length = 0;
    const guess = hashText('guess');
    await world.api.login(makeLogin({ authKey: guess }));
    expect(hashed).toEqual([guess]);
    await world.api.login(makeLogin({ authKey: guess, name: 'bob' }));
    expect(hashed).toEqual([guess, guess]);
  });

  test('are kept as scrypt of full cost where nobody names another hash', async () => {
    const storage = await openTestStorage();
    const clock = createTestClock();
    const api = createSyncApi({ storage, clock, random: createTestRandom(), limits: defaultLimits });
    const device = makeEnter();
    expectOk(await api.enter(device));
    expectOk(await api.setPassword(device.accountId, password));
    const login = expectOk(await storage.read((reader) => reader.accountByLogin('ada')))?.login;
    const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 };
    expect(login?.hash).toBe(scryptSync(password.authKey, Buffer.from(login?.salt ?? '', 'hex'), 32, cost).toString('hex'));
  });

  test('a name belongs to one account; its own may set it again, with another password', async () => {
    const world = await createServerWorld();
    const other = makeEnter();
    expectOk(await world.api.enter(other));
    expectOk(await world.api.setPassword(world.accountId, password));
    expect(expectErr(await world.api.setPassword(other.accountId, password))).toMatchObject({
      status: 409,
      error: { type: 'name-taken' },
    });
    expectOk(await world.api.setPassword(world.accountId, { ...password, authKey: hashText('new') }));
    expect(expectErr(await world.api.login(makeLogin())).status).toBe(403);
    expectOk(await world.api.login(makeLogin({ authKey: hashText('new') })));
  });

  test('do not let a revoked device back in', async () => {
    const world = await createServerWorld();
    expectOk(await world.api.setPassword(world.accountId, password));
    const request = makeLogin();
    expectOk(await world.api.login(request));
    expectOk(await world.api.revokeDevice(world.accountId, request.deviceId));
    expect(expectErr(await world.api.login(request))).toMatchObject({ status: 403, error: { type: 'revoked' } });
  });

  test('neither key nor password nor token is in the database', async () => {
    const world = await createServerWorld();
    expectOk(await world.api.setPassword(world.accountId, password));
    const bytes = Buffer.from(world.storage.serialize());
    for (const secret of [world.accountKey, world.token, password.authKey]) expect(bytes.includes(secret)).toBe(false);
    // The search would find what is there.
    expect(bytes.includes(password.wrappedKey)).toBe(true);
  });
});
