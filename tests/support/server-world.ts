/** What tests of the server need to speak to it: a clock that does not move, chance with a seed, ops, and a device. */

import type { EnterRequest } from '#core/account-protocol.ts';
import { hashText } from '#core/hash.ts';
import { mintId } from '#core/ids.ts';
import type { Random } from '#core/ports.ts';
import type { Op, PullRequest, PushRequest } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import type { SyncDeps } from '#server/api/deps.ts';
import { createSyncApi, type SyncApi } from '#server/api/sync-api.ts';
import { defaultLimits, type Limits } from '#server/limits.ts';
import type { PasswordHash } from '#server/secrets.ts';
import { openSqlite, type SqliteOptions, type SqliteSource, type SqliteStorage } from '#server/storage/sqlite.ts';

/** 2027-01-15T08:00:00Z. */
export const START_MS = 1_800_000_000_000;

export interface TestClock {
  now(): number;
  advance(ms: number): void;
}

export function createTestClock(start = START_MS): TestClock {
  let now = start;
  return {
    now: () => now,
    advance(ms) {
      now += ms;
    },
  };
}

let seeds = 0;

/**
 * Mulberry32: enough chance for ids. Without a seed each is another than all before it: two servers on one database, or on copies
 * of it, would mint the same tokens again.
 */
export function createTestRandom(seed = ++seeds): Random {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { fraction, bytes: (length) => Uint8Array.from({ length }, () => Math.floor(fraction() * 256)) };
}

const ids = createTestRandom(0x5eed);
let minted = 0;

/** A new UUIDv7; later ones sort later. */
export const newId = (): string => mintId(START_MS + minted++, ids);

/** An op that creates or changes a note. `null` as `body` deletes it. */
export function makeOp(change: Partial<Op> = {}): Op {
  const body = change.body === undefined ? `{"fields":{"title":"note ${minted}"},"stamps":{}}` : change.body;
  return {
    opId: newId(),
    kind: 'note',
    id: newId(),
    v: 1,
    base: null,
    lastUpdated: '0mxyz0000-0000-0123abcd',
    deleted: body === null,
    body,
    hash: hashText(body ?? ''),
    blobs: [],
    ...change,
  };
}

export const makePush = (ops: readonly unknown[], past: Partial<PushRequest> = {}) => {
  return { protocol: PROTOCOL, epoch: null, seen: null, ...past, ops: [...ops] } as const;
};

export const makePull = (change: Partial<PullRequest>): PullRequest => {
  return { protocol: PROTOCOL, epoch: null, seen: null, limit: 2000, maxBytes: 1_000_000, ...change };
};

export const makeEnter = (change: Partial<EnterRequest> = {}): EnterRequest => {
  return {
    protocol: PROTOCOL,
    accountId: newId(),
    accountKey: '0123456789abcdef'.repeat(2),
    deviceId: newId(),
    deviceName: 'laptop',
    ...change,
  };
};

export async function openTestStorage(
  source: SqliteSource = { path: ':memory:' },
  options?: SqliteOptions,
): Promise<SqliteStorage> {
  const opened = await openSqlite(source, options);
  if (!opened.ok) throw new Error(opened.error.type);
  return opened.value;
}

export interface ServerWorld {
  readonly api: SyncApi;
  readonly storage: SqliteStorage;
  readonly clock: TestClock;
  readonly accountId: string;
  readonly deviceId: string;
  readonly accountKey: string;
  readonly token: string;
}

/** Not slow, as the product's is on purpose: 80 ms for each password set or checked. */
export const quickHash: PasswordHash = async (authKey, salt) => hashText(`${salt} ${authKey}`);

/** A server in memory with one account that one device has entered. */
export async function createServerWorld({
  limits = {},
  storage,
  onCommit,
  onDamaged,
  passwordHash = quickHash,
}: {
  readonly limits?: Partial<Limits>;
  readonly storage?: SqliteStorage;
  readonly onCommit?: SyncDeps['onCommit'];
  readonly onDamaged?: SyncDeps['onDamaged'];
  readonly passwordHash?: PasswordHash;
} = {}): Promise<ServerWorld> {
  const kept = storage ?? (await openTestStorage());
  const clock = createTestClock();
  const api = createSyncApi({
    storage: kept,
    clock,
    random: createTestRandom(),
    limits: { ...defaultLimits, ...limits },
    passwordHash,
    ...(onCommit && { onCommit }),
    ...(onDamaged && { onDamaged }),
  });
  const request = makeEnter();
  const entered = await api.enter(request);
  if (!entered.ok) throw new Error(entered.error.error.message);
  const { accountId, deviceId, accountKey } = request;
  return { api, storage: kept, clock, accountId, deviceId, accountKey, token: entered.value.token };
}

/** The value of a result that must be ok; throws with the error otherwise. */
export function expectOk<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (result.ok) return result.value;
  throw new Error(`not ok: ${JSON.stringify(result.error)}`);
}

/** The error of a result that must not be ok. */
export function expectErr<E>(
  result: { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: E },
): E {
  if (!result.ok) return result.error;
  throw new Error(`unexpectedly ok: ${JSON.stringify(result.value)}`);
}
