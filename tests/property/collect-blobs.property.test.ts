/**
 * Nothing that a workspace can name is collected: a reference is put into each place in turn, alone. With that place left out of
 * the list of places the same blob is taken, so that each of the tests can fail.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blobReference } from '#core/blobs.ts';
import { encodeBody } from '#core/body.ts';
import type { Op } from '#core/protocol.ts';
import { collectBlobs } from '#store/blobs/collect-blobs.ts';
import { NAMING_PLACES } from '#store/blobs/named-blobs.ts';
import type { BulkRow, CountersRow, HeldRow } from '#store/schema/meta-rows.ts';
import { INITIAL_COUNTERS } from '#store/schema/rows.ts';
import { BINNED, type UnsavedRow } from '#store/schema/schema.ts';
import { someBytes } from '#support/blob-bytes.ts';
import { entityRow, openBlobWorld } from '#support/blob-world.ts';
import { must } from '#support/memory-workspace.ts';

type World = ReturnType<typeof openBlobWorld>;
type PlaceName = keyof typeof NAMING_PLACES;

const DAY = 24 * 3_600_000;
const stamp = '';

const op = (id: string, text: string): Op => {
  const body = encodeBody({ fields: { text }, stamps: {} });
  return { opId: id, kind: 'note', id, v: 1, base: null, lastUpdated: stamp, deleted: false, body, hash: '', blobs: [] };
};
const unsaved = (text: string, inFlight = false): UnsavedRow => ({
  key: 'tab/note/n/s',
  tab: 'tab',
  kind: 'note',
  id: 'n',
  at: 0,
  patch: inFlight ? {} : { text },
  was: {},
  builtOn: 0,
  saveId: 's',
  ...(inFlight ? { inFlight: { patch: { text }, was: {}, builtOn: 0, saveId: 't' } } : {}),
});
const write = async (world: World, ...writes: ReturnType<Parameters<World['kv']['transact']>[1]>['writes']): Promise<void> =>
  must(await world.kv.transact({}, () => ({ writes, value: undefined })));

/** Every way in which a place can name a blob. */
const WAYS: readonly (readonly [what: string, place: PlaceName, name: (world: World, text: string) => Promise<void>])[] = [
  ['a live note', 'entities', (world, text) => write(world, { put: 'entities', row: entityRow('note', 'n', text) })],
  [
    'a binned note',
    'entities',
    (world, text) => write(world, { put: 'entities', row: entityRow('note', 'n', text, { place: BINNED }) }),
  ],
  ['an unknown kind', 'entities', (world, text) => write(world, { put: 'entities', row: entityRow('canvas', 'n', text) })],
  [
    'a body that cannot be read here',
    'entities',
    (world, text) =>
      write(world, { put: 'entities', row: entityRow('note', 'n', '', { fields: {}, raw: JSON.stringify({ x: [text] }) }) }),
  ],
  [
    'a conflict',
    'entities',
    (world, text) => write(world, { put: 'entities', row: entityRow('conflict', 'c', '', { fields: { theirs: { text } } }) }),
  ],
  [
    'the merge log',
    'entities',
    (world, text) => write(world, { put: 'entities', row: entityRow('merge-log', 'm', '', { fields: { lost: [{ text }] } }) }),
  ],
  [
    'a prompt that was typed and not sent',
    'entities',
    (world, text) =>
      write(world, { put: 'entities', row: entityRow('chat-desk', 'd', '', { fields: { drafts: { c: { text } } } }) }),
  ],
  [
    'a side of what nobody has decided',
    'entities',
    (world, text) =>
      write(world, { put: 'entities', row: entityRow('conflict', 'c', '', { fields: { sides: { d: { value: text } } } }) }),
  ],
  [
    'an earlier revision',
    'history',
    (world, text) =>
      write(world, { put: 'history', row: { kind: 'note', id: 'n', order: 1, at: 0, fields: { text }, stamp, reason: 'edit' } }),
  ],
  [
    'the base of a merge',
    'bases',
    (world, text) =>
      write(world, {
        put: 'bases',
        row: { kind: 'note', id: 'n', version: 'v', v: 1, fields: { text }, stamps: {}, deleted: false },
      }),
  ],
  [
    'an op that was sent',
    'outbox',
    (world, text) =>
      write(world, {
        put: 'outbox',
        row: {
          opId: 'o',
          kind: 'note',
          id: 'n',
          state: 'sent',
          order: 1,
          queuedAt: 0,
          holdUntil: 0,
          op: op('o', text),
          bytes: 0,
        },
      }),
  ],
  [
    'an op that waits for the answer about a deletion',
    'outbox',
    (world, text) =>
      write(world, {
        put: 'outbox',
        row: {
          opId: 'o',
          kind: 'note',
          id: 'n',
          state: 'held',
          order: 1,
          queuedAt: 0,
          holdUntil: 0,
          op: op('o', text),
          bytes: 0,
        },
      }),
  ],
  [
    'an op in quarantine',
    'quarantine',
    (world, text) =>
      write(world, { put: 'quarantine', row: { kind: 'note', id: 'n', reason: 'too-big', at: 0, op: op('o', text), raw: null } }),
  ],
  [
    'a body in quarantine',
    'quarantine',
    (world, text) =>
      write(world, { put: 'quarantine', row: { kind: 'note', id: 'n', reason: 'unreadable', at: 0, op: null, raw: text } }),
  ],
  [
    'a bulk on its way',
    'meta',
    (world, text) => write(world, { put: 'meta', row: { key: 'bulk', ops: [op('o', text)], revs: [1] } satisfies BulkRow }),
  ],
  [
    'what waits with a held deletion',
    'meta',
    (world, text) =>
      write(world, {
        put: 'meta',
        row: {
          key: 'held/note/n',
          order: 1,
          at: 0,
          deletion: {
            kind: 'note',
            id: 'n',
            v: 1,
            version: 'v',
            rev: 1,
            seq: 1,
            lastUpdated: stamp,
            deviceId: 'd',
            deleted: true,
            body: text,
            hash: '',
            acceptedAt: 1,
          },
        } satisfies HeldRow,
      }),
  ],
  ['the journal of an earlier version', 'unsaved', (world, text) => write(world, { put: 'unsaved', row: unsaved(text) })],
  [
    'the journal',
    'journal',
    async (world, text) =>
      must(await world.journal.transact({}, () => ({ writes: [{ put: 'unsaved', row: unsaved(text) }], value: undefined }))),
  ],
  ['a backup', 'backups', async (world, text) => void world.backups.push(JSON.stringify({ blobs: [{ file: text, size: 1 }] }))],
  [
    'a save in flight in the journal',
    'journal',
    async (world, text) =>
      must(
        await world.journal.transact({}, () => ({ writes: [{ put: 'unsaved', row: unsaved(text, true) }], value: undefined })),
      ),
  ],
];

/** A blob that was added long ago. */
async function openWithBlob(size = 200_000) {
  const world = openBlobWorld();
  const { hash } = must(await world.blobs.put(someBytes(size), { type: 'image/png' }));
  const isHere = async (): Promise<boolean> => must(await world.blobs.have([hash])).length > 0;
  /** Passes 31 days apart, so often that whatever may go has gone. */
  const passes = async (places = Object.values(NAMING_PLACES)): Promise<void> => {
    for (let pass = 0; pass < 3; pass++) {
      world.time.ms += 31 * DAY;
      must(await collectBlobs(world.context, false, places));
    }
  };
  return { world, hash, isHere, passes };
}

describe('what is collected', () => {
  test('every place that can name a blob is tried below', () => {
    expect(new Set(WAYS.map(([, place]) => place))).toEqual(new Set(Object.keys(NAMING_PLACES)));
  });

  test.each(WAYS)('a blob that only %s names stays, and would not if the %s were not looked at', async (_what, place, name) => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), fc.constantFrom('png', ''), async (before, after, extension) => {
        const { world, hash, isHere, passes } = await openWithBlob(70_000);
        const text = `${before}![](${blobReference(hash, extension)}) ${after}`;
        await name(world, text);
        await passes();
        expect(await isHere()).toBe(true);
        const { [place]: _, ...others } = NAMING_PLACES;
        await passes(Object.values(others));
        expect(await isHere()).toBe(false);
        expect([...(world.place?.files.keys() ?? [])]).toEqual([]);
      }),
      { numRuns: 3 },
    );
  });

  test('what nothing names goes after 30 days of that, not earlier, and with its thumbnail', async () => {
    for (const size of [100, 200_000]) {
      const { world, hash, isHere } = await openWithBlob(size);
      must(await world.blobs.putThumbnail(hash, new Blob(['small'])));
      const at = async (days: number) => {
        world.time.ms += days * DAY;
        return must(await world.blobs.collect()).hashes;
      };
      expect(await at(40)).toEqual([]);
      expect(await at(29)).toEqual([]);
      expect(await isHere()).toBe(true);
      expect(await at(1)).toEqual([hash]);
      const left = must(await world.kv.read({ rows: { count: 'blobs' }, bytes: { count: 'blob-bytes' } }));
      expect({ ...left, files: world.place?.files.size }).toEqual({ rows: 0, bytes: 0, files: 0 });
    }
  });

  test('one that is named in between begins again, and so does one that is added or read again', async () => {
    const renewals: readonly ((world: World, hash: string) => Promise<unknown>)[] = [
      async (world, hash) => {
        await write(world, { put: 'entities', row: entityRow('note', 'n', `files/${hash}`) });
        must(await world.blobs.collect(true));
        await write(world, { delete: 'entities', key: ['note', 'n'] });
      },
      async (world) => world.blobs.put(someBytes(200_000), { type: '' }),
      async (world, hash) => world.blobs.read(hash),
    ];
    for (const renew of renewals) {
      const { world, hash, isHere } = await openWithBlob();
      world.time.ms += 2 * DAY;
      must(await world.blobs.collect(true));
      world.time.ms += 29 * DAY;
      await renew(world, hash);
      world.time.ms += 2 * DAY;
      must(await world.blobs.collect(true));
      expect(await isHere()).toBe(true);
    }
  });
});

describe('a reference that is committed while a pass reads', () => {
  /** A world whose blob is due, and which `act` changes just before the n-th call of its database during the pass. */
  async function race(at: number, act: (world: World, hash: string) => Promise<void>) {
    const { world, hash, isHere } = await openWithBlob();
    world.time.ms += 31 * DAY;
    must(await world.blobs.collect());
    world.time.ms += 31 * DAY;
    let calls = 0;
    let acted = false;
    let acting = Promise.resolve();
    /** An act that waits for the pass itself goes on beside it. */
    const count = async (): Promise<void> => {
      calls += 1;
      if (calls !== at) return;
      acted = true;
      acting = act(world, hash);
      await Promise.race([acting, new Promise((resolve) => setTimeout(resolve, 20))]);
    };
    const { kv } = world;
    const watched = {
      ...kv,
      read: async (...args: Parameters<typeof kv.read>) => {
        await count();
        return kv.read(...args);
      },
      transact: async (...args: Parameters<typeof kv.transact>) => {
        await count();
        return kv.transact(...args);
      },
    } as typeof kv;
    must(await collectBlobs({ ...world.context, kv: watched }, true));
    await acting;
    return { world, hash, isHere: await isHere(), acted };
  }
  const counters = (localSeq: number): CountersRow => ({ ...INITIAL_COUNTERS, localSeq });

  test.each<readonly [string, (world: World, hash: string) => Promise<void>]>([
    [
      'by a save',
      (world, hash) =>
        write(
          world,
          { put: 'entities', row: entityRow('note', 'n', `files/${hash}`, { localSeq: 1 }) },
          { put: 'meta', row: counters(1) },
        ),
    ],
    [
      'by a save, and moved into the history by the next one',
      (world, hash) =>
        write(
          world,
          { put: 'entities', row: entityRow('note', 'n', 'none', { localSeq: 2 }) },
          {
            put: 'history',
            row: { kind: 'note', id: 'n', order: 2, at: 0, fields: { text: `files/${hash}` }, stamp, reason: 'edit' },
          },
          { put: 'meta', row: counters(2) },
        ),
    ],
    ['by whoever has added the same file', async (world) => void must(await world.blobs.put(someBytes(200_000), { type: '' }))],
  ])('%s is seen, at whatever step it comes', async (_how, act) => {
    let tried = 0;
    for (let at = 1; ; at++) {
      const { world, hash, isHere, acted } = await race(at, act);
      if (!acted) break;
      const isNamed = must(await world.kv.read({ named: { count: 'entities' } })).named > 0;
      const row = must(await world.blobs.info([hash]))[0];
      // After the transaction that took it, it is as if it had never been: what names it then asks for it.
      if (row) expect(isHere).toBe(true);
      else expect(isNamed && world.place?.files.has(hash)).toBe(false);
      if (isHere) {
        tried += 1;
        expect(world.place?.files.has(hash)).toBe(true);
      }
    }
    // Every step up to the one that deletes the rows, and the put at any.
    expect(tried).toBeGreaterThan(10);
  });
});
