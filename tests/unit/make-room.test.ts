/** A full storage lets go of what may go, in its order, and of nothing else. */
import { describe, expect, test } from 'vitest';
import { BINNED_AT, type Fields } from '#core/entity.ts';
import { mintId } from '#core/ids.ts';
import type { Random } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { createStore } from '#store/create-store.ts';
import { withRoom } from '#store/kv/with-room.ts';
import { roomSteps } from '#store/save/make-room.ts';
import { createStatusStore } from '#store/status/create-status-store.ts';
import { expectErr, expectOk } from '#support/server-world.ts';
import { createSmallDisk } from '#support/small-disk.ts';

const HOUR = 3_600_000;
const CACHE_BYTES = 50_000;
const page = (letter: string): string => letter.repeat(4000);

function openWorld() {
  const disk = createSmallDisk();
  const time = { ms: 1_790_000_000_000 };
  const clock = { now: () => time.ms };
  const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)), fraction: () => 0.5 };
  const mint = (): string => mintId(time.ms, random);
  let looks = 0;
  const freeCaches = async () => {
    looks += 1;
    disk.cacheBytes = 0;
    return ok(undefined);
  };
  const kv = withRoom(disk.kv, clock, async () => roomSteps({ kv: disk.kv, clock, freeCaches, letFilesGo: [async () => ok(0)] }));
  const context = {
    kv,
    clock,
    random,
    ledger,
    workspaceId: mint(),
    deviceId: mint(),
    channel: { post: () => {} },
    policy: () => 'newer' as const,
  };
  const store = createStore(context);
  const status = createStatusStore(context);
  const save = async (id: string, patch: Fields) => {
    const before = expectOk(await store.get('note', id));
    const [was, builtOn] = [before?.fields ?? {}, before?.localSeq ?? 0];
    return store.save({ kind: 'note', id, patch, base: was, baseSeq: builtOn, saveId: mint() });
  };
  const fill = (freeBytes: number): void => {
    disk.cacheBytes = CACHE_BYTES;
    disk.capacityBytes = disk.usedBytes() + CACHE_BYTES + freeBytes;
  };
  const texts = async (id: string) => expectOk(await store.history('note', id)).map(({ fields }) => String(fields['text'])[0]);
  const told = async () => expectOk(await status.events()).map(({ event }) => event);
  return { disk, time, store, save, mint, fill, texts, told, looks: () => looks };
}

/** A note with a revision of three days ago, one of three hours ago and one of ten minutes ago in its history. */
async function openEditedNote() {
  const world = openWorld();
  const id = world.mint();
  for (const [text, ageMs] of [
    ['a', 72 * HOUR],
    ['b', 3 * HOUR],
    ['c', HOUR / 6],
    ['d', 0],
  ] as const) {
    world.time.ms = 1_790_000_000_000 - ageMs;
    expectOk(await world.save(id, { text: page(text) }));
  }
  // A state is kept when the next one is written, with the time of that.
  world.time.ms += 1;
  return { ...world, id };
}

describe('when the browser refuses to save', () => {
  test('what can be made again goes first, and nothing else where that is enough', async () => {
    const { disk, save, mint, fill, texts, told, id } = await openEditedNote();
    fill(100);
    expectOk(await save(mint(), { text: page('n') }));
    expect(disk.cacheBytes).toBe(0);
    expect(await texts(id)).toEqual(['c', 'b', 'a']);
    expect(await told()).toEqual([{ type: 'room-made', states: 0 }]);
  });

  test('then earlier revisions of edits, the older ones first, only as far as is needed', async () => {
    const { disk, time, save, mint, fill, texts, told, id } = await openEditedNote();
    // So that the oldest kept revision is older than a day.
    time.ms += 23 * HOUR;
    expectOk(await save(id, { text: page('e') }));
    fill(2000);
    disk.capacityBytes -= CACHE_BYTES;
    expectOk(await save(mint(), { text: page('n') }));
    expect(await texts(id)).toEqual(['d', 'c', 'b']);
    expect(await told()).toEqual([
      { type: 'room-made', states: 1 },
      { type: 'room-made', states: 0 },
    ]);
  });

  test('never what a person wrote, the bin, what waits to be sent, or what a deletion left in the history', async () => {
    const { disk, time, store, save, mint, fill, id } = await openEditedNote();
    const [binned, purged] = [mint(), mint()];
    expectOk(await save(binned, { text: page('x'), [BINNED_AT]: time.ms }));
    expectOk(await save(purged, { text: page('y') }));
    expectOk(await store.purge('note', [purged]));
    time.ms += 30 * 24 * HOUR;
    const before = expectOk(await disk.kv.read({ outbox: { list: 'outbox', limit: 100 }, state: { get: 'meta', key: 'state' } }));
    fill(0);
    disk.capacityBytes -= 2 * CACHE_BYTES;
    expect(expectErr(await save(mint(), { text: page('n') }))).toEqual({ type: 'QuotaExceeded' });
    const rows = expectOk(
      await disk.kv.read({
        history: { list: 'history', limit: 100 },
        outbox: { list: 'outbox', limit: 100 },
        state: { get: 'meta', key: 'state' },
      }),
    );
    expect(rows.history.map(({ reason, fields }) => [reason, String(fields['text'])[0]])).toEqual([['delete', 'y']]);
    expect(rows.outbox).toEqual(before.outbox);
    expect(rows.state).toEqual(before.state);
    expect(expectOk(await store.get('note', id))?.fields['text']).toBe(page('d'));
    expect(expectOk(await store.get('note', binned))).toMatchObject({ lifecycle: 'binned', fields: { text: page('x') } });
  });

  test('several saves at once let go of no more than one of them needs, and each is saved', async () => {
    const { save, mint, fill, texts, looks, id } = await openEditedNote();
    fill(100);
    const ids = [mint(), mint(), mint()];
    for (const saved of await Promise.all(ids.map((fresh) => save(fresh, { text: page('n') })))) expectOk(saved);
    expect(looks()).toBe(1);
    expect(await texts(id)).toEqual(['c', 'b', 'a']);
  });

  test('where nothing is left to let go, nobody looks again for a minute; then room is found as soon as there is some', async () => {
    const { disk, time, save, mint, fill, looks } = await openEditedNote();
    time.ms += 30 * 24 * HOUR;
    fill(0);
    disk.capacityBytes -= 2 * CACHE_BYTES;
    for (let times = 0; times < 3; times++) expectErr(await save(mint(), { text: page('n') }));
    expect(looks()).toBe(1);
    disk.capacityBytes += 4 * CACHE_BYTES;
    expectOk(await save(mint(), { text: page('n') }));
    disk.capacityBytes = 0;
    time.ms += 61_000;
    expectErr(await save(mint(), { text: page('n') }));
    expect(looks()).toBe(2);
  });
});
