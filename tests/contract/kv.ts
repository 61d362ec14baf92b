/** What every adapter of the `Kv` port must do. The memory and the IndexedDB adapter pass the very same list. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Kv, KvSchema, Reads, Rows } from '#core/ports.ts';

interface Animal {
  readonly id: string;
  readonly name?: string | null;
  readonly legs?: number | null;
  readonly more?: unknown;
}

interface Sighting {
  readonly town: string | number;
  readonly day: number;
  readonly animal: string;
}

export type ContractTables = { readonly animals: Animal; readonly sightings: Sighting };

export const contractSchema: KvSchema<ContractTables> = {
  stores: {
    animals: { key: 'id', indexes: { byName: 'name', byLegs: ['legs', 'name'] } },
    sightings: { key: ['town', 'day'], indexes: { byAnimal: ['animal', 'day'] } },
  },
};

const BEYOND_ANY_TEXT = '\uffff';

/** `open` gives an empty database of `contractSchema`; called again with the same name, the same database. */
export function describeKv(name: string, open: (database: string) => Promise<Kv<ContractTables>>): void {
  describe(`Kv: ${name}`, () => {
    let kv: Kv<ContractTables>;
    let database: string;
    let opened = 0;

    beforeEach(async () => {
      database = `contract-${Date.now()}-${opened++}`;
      kv = await open(database);
      return () => kv.close();
    });

    const read = async <const R extends Reads<ContractTables>>(reads: R): Promise<Rows<ContractTables, R>> => {
      const result = await kv.read(reads);
      if (!result.ok) throw new Error(result.error.type);
      return result.value;
    };

    const put = async (...rows: readonly Animal[]): Promise<void> => {
      const result = await kv.transact({}, () => ({
        writes: rows.map((row) => ({ put: 'animals' as const, row })),
        value: null,
      }));
      expect(result).toEqual({ ok: true, value: null });
    };

    const see = async (...rows: readonly Sighting[]): Promise<void> => {
      const result = await kv.transact({}, () => ({
        writes: rows.map((row) => ({ put: 'sightings' as const, row })),
        value: null,
      }));
      expect(result.ok).toBe(true);
    };

    const allIds = async (): Promise<readonly string[]> =>
      (await read({ rows: { list: 'animals', limit: 100 } })).rows.map((row) => row.id);

    describe('rows', () => {
      test('a row that was put is read by its key', async () => {
        await put({ id: 'a', name: 'Ant', legs: 6 });
        expect(await read({ row: { get: 'animals', key: 'a' } })).toEqual({ row: { id: 'a', name: 'Ant', legs: 6 } });
      });

      test('a key that has no row reads as undefined', async () => {
        expect(await read({ row: { get: 'animals', key: 'nobody' } })).toEqual({ row: undefined });
      });

      test('putting a key again replaces the whole row', async () => {
        await put({ id: 'a', name: 'Ant', legs: 6 });
        await put({ id: 'a', name: 'Aphid' });
        expect((await read({ row: { get: 'animals', key: 'a' } })).row).toEqual({ id: 'a', name: 'Aphid' });
        expect((await read({ n: { count: 'animals' } })).n).toBe(1);
      });

      test('an array key finds its row, and only its own', async () => {
        await see({ town: 'York', day: 1, animal: 'owl' }, { town: 'York', day: 2, animal: 'fox' });
        const rows = await read({ two: { get: 'sightings', key: ['York', 2] }, part: { get: 'sightings', key: ['York'] } });
        expect(rows).toEqual({ two: { town: 'York', day: 2, animal: 'fox' }, part: undefined });
      });

      test('many keys are read in the order asked, with undefined for the missing', async () => {
        await put({ id: 'a' }, { id: 'b' });
        const { rows } = await read({ rows: { getMany: 'animals', keys: ['b', 'none', 'a', 'b'] } });
        expect(rows).toEqual([{ id: 'b' }, undefined, { id: 'a' }, { id: 'b' }]);
      });

      test.each([
        ['nothing', 0],
        ['a few rows', 5],
        ['many rows', 200],
      ])('a whole batch of keys is read in the order asked, with %s between them', async (_, between) => {
        const town = (n: number): Sighting => ({ town: 'Ulm', day: n, animal: 'ant' });
        const step = between === 0 ? 1 : 10;
        const asked = Array.from({ length: 12 }, (_row, n) => n * step);
        const others = Array.from({ length: between }, (_row, n) => 1 + n).filter((day) => !asked.includes(day));
        const present = asked.filter((day) => day !== asked[4]);
        await kv.transact({}, () => ({
          writes: [...present, ...others].map((day) => ({ put: 'sightings', row: town(day) }) as const),
          value: null,
        }));
        // Not in their order, one twice, one missing, one of another town.
        const days = [...asked.slice(6), ...asked.slice(0, 6), asked[2] ?? 0];
        const keys = [...days.map((day) => ['Ulm', day] as const), ['Bonn', 1] as const];
        const { rows } = await read({ rows: { getMany: 'sightings', keys } });
        expect(rows).toEqual([...days.map((day) => (day === asked[4] ? undefined : town(day))), undefined]);
      });

      test('no keys give no rows', async () => {
        await put({ id: 'a' });
        expect((await read({ rows: { getMany: 'animals', keys: [] } })).rows).toEqual([]);
      });

      test('a deleted row is gone from its store and its indexes', async () => {
        await put({ id: 'a', name: 'Ant' }, { id: 'b', name: 'Bee' });
        await kv.transact({}, () => ({ writes: [{ delete: 'animals', key: 'a' }], value: null }));
        const rows = await read({ own: { list: 'animals', limit: 9 }, named: { list: 'animals', index: 'byName', limit: 9 } });
        expect(rows.own.map((row) => row.id)).toEqual(['b']);
        expect(rows.named.map((row) => row.id)).toEqual(['b']);
      });

      test('deleting a key that has no row is no error', async () => {
        const result = await kv.transact({}, () => ({ writes: [{ delete: 'animals', key: 'none' }], value: 1 }));
        expect(result).toEqual({ ok: true, value: 1 });
      });

      test('text with NUL, lone surrogates and emoji comes back unit by unit', async () => {
        const name = 'a\u0000b\ud800c\udfffd 🌱 é';
        await put({ id: name, name });
        expect((await read({ row: { get: 'animals', key: name } })).row).toEqual({ id: name, name });
      });

      test('bytes, undefined members and a member called __proto__ survive', async () => {
        const more: unknown = {
          bytes: new Uint8Array([1, 2, 3]).buffer,
          nothing: undefined,
          inner: JSON.parse('{"__proto__":{"x":1}}'),
        };
        await put({ id: 'a', more });
        const { row } = await read({ row: { get: 'animals', key: 'a' } });
        const back = row?.more as { readonly bytes: ArrayBuffer; readonly inner: object };
        expect([...new Uint8Array(back.bytes)]).toEqual([1, 2, 3]);
        expect(Object.keys(back)).toEqual(['bytes', 'nothing', 'inner']);
        expect(JSON.stringify(back.inner)).toBe('{"__proto__":{"x":1}}');
      });
    });

    describe('isolation of rows', () => {
      test('changing an object after it was put changes nothing in the store', async () => {
        const row = { id: 'a', more: { list: [1, 2] } };
        await put(row);
        row.more.list.push(3);
        row.id = 'z';
        expect(await read({ row: { get: 'animals', key: 'a' } })).toEqual({ row: { id: 'a', more: { list: [1, 2] } } });
      });

      test('changing a row that was read changes nothing in the store', async () => {
        await put({ id: 'a', more: { list: [1, 2], bytes: new Uint8Array([7]).buffer } });
        const first = (await read({ row: { get: 'animals', key: 'a' } })).row?.more as { list: number[]; bytes: ArrayBuffer };
        // A frozen row refuses the change with a TypeError, a copied one takes it: both are isolation.
        try {
          first.list.push(3);
        } catch {}
        try {
          new Uint8Array(first.bytes)[0] = 8;
        } catch {}
        const second = (await read({ row: { get: 'animals', key: 'a' } })).row?.more as { list: number[]; bytes: ArrayBuffer };
        expect(second.list).toEqual([1, 2]);
        expect(new Uint8Array(second.bytes)[0]).toBe(7);
      });

      test('a row that cannot be stored is a bug: it throws, and the writes beside it are not made', async () => {
        const writes = [
          { put: 'animals' as const, row: { id: 'a' } },
          { put: 'animals' as const, row: { id: 'b', more: () => 1 } },
        ];
        await expect(kv.transact({}, () => ({ writes, value: null }))).rejects.toThrow();
        expect(await allIds()).toEqual([]);
      });

      test('a row without its key is a bug: it throws, and the writes beside it are not made', async () => {
        const writes = [
          { put: 'animals' as const, row: { id: 'a' } },
          { put: 'animals' as const, row: { name: 'Nameless' } as unknown as Animal },
        ];
        await expect(kv.transact({}, () => ({ writes, value: null }))).rejects.toThrow();
        expect(await allIds()).toEqual([]);
      });
    });

    describe('order and ranges', () => {
      test('keys come in the order of UTF-16 code units', async () => {
        await put({ id: 'b' }, { id: 'a' }, { id: 'B' }, { id: 'ä' }, { id: '🌱' }, { id: '\uff5e' }, { id: '' }, { id: 'aa' });
        expect(await allIds()).toEqual(['', 'B', 'a', 'aa', 'b', 'ä', '🌱', '\uff5e']);
      });

      test('numbers come before texts, and by value', async () => {
        await see(
          { town: '9', day: 1, animal: 'x' },
          { town: 10, day: 1, animal: 'x' },
          { town: 9, day: 10, animal: 'x' },
          { town: 9, day: 9, animal: 'x' },
          { town: -0.5, day: 1, animal: 'x' },
          { town: Number.POSITIVE_INFINITY, day: 1, animal: 'x' },
          { town: '10', day: 1, animal: 'x' },
        );
        const { rows } = await read({ rows: { list: 'sightings', limit: 9 } });
        expect(rows.map(({ town, day }) => [town, day])).toEqual([
          [-0.5, 1],
          [9, 9],
          [9, 10],
          [10, 1],
          [Number.POSITIVE_INFINITY, 1],
          ['10', 1],
          ['9', 1],
        ]);
      });

      test('a lower bound that begins a key comes before it', async () => {
        await see(
          { town: 'A', day: 1, animal: 'x' },
          { town: 'B', day: 1, animal: 'x' },
          { town: 'B', day: 2, animal: 'x' },
          { town: 'C', day: 1, animal: 'x' },
        );
        const { rows } = await read({ rows: { list: 'sightings', lower: ['B'], upper: ['B', BEYOND_ANY_TEXT], limit: 9 } });
        expect(rows.map(({ town, day }) => `${town}${day}`)).toEqual(['B1', 'B2']);
      });

      test('an upper bound that begins a key excludes it', async () => {
        await see({ town: 'A', day: 1, animal: 'x' }, { town: 'B', day: 1, animal: 'x' });
        const { rows } = await read({ rows: { list: 'sightings', upper: ['B'], limit: 9 } });
        expect(rows.map(({ town }) => town)).toEqual(['A']);
      });

      test.each([
        ['closed', {}, ['b', 'c', 'd']],
        ['open below', { lowerOpen: true }, ['c', 'd']],
        ['open above', { upperOpen: true }, ['b', 'c']],
        ['open on both sides', { lowerOpen: true, upperOpen: true }, ['c']],
      ] as const)('a range that is %s', async (_, open, expected) => {
        await put({ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }, { id: 'e' });
        const rows = await read({
          rows: { list: 'animals', lower: 'b', upper: 'd', ...open, limit: 9 },
          n: { count: 'animals', lower: 'b', upper: 'd', ...open },
        });
        expect(rows.rows.map((row) => row.id)).toEqual(expected);
        expect(rows.n).toBe(expected.length);
      });

      test('an open bound alone leaves out exactly its key', async () => {
        await put({ id: 'a' }, { id: 'b' }, { id: 'c' });
        const rows = await read({
          above: { list: 'animals', lower: 'a', lowerOpen: true, limit: 9 },
          below: { list: 'animals', upper: 'c', upperOpen: true, limit: 9 },
        });
        expect(rows.above.map((row) => row.id)).toEqual(['b', 'c']);
        expect(rows.below.map((row) => row.id)).toEqual(['a', 'b']);
      });

      test('the limit takes the first of the range', async () => {
        await put({ id: 'a' }, { id: 'b' }, { id: 'c' });
        const { rows } = await read({ rows: { list: 'animals', lower: 'b', limit: 1 } });
        expect(rows.map((row) => row.id)).toEqual(['b']);
      });

      test('in reverse, the limit takes the last of the range, last first', async () => {
        await put({ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' });
        const { rows } = await read({ rows: { list: 'animals', upper: 'd', upperOpen: true, limit: 2, reverse: true } });
        expect(rows.map((row) => row.id)).toEqual(['c', 'b']);
      });

      test('a limit of nothing gives nothing', async () => {
        await put({ id: 'a' });
        const rows = await read({ up: { list: 'animals', limit: 0 }, down: { list: 'animals', limit: 0, reverse: true } });
        expect(rows).toEqual({ up: [], down: [] });
      });

      test('counting takes no limit', async () => {
        await put(...Array.from({ length: 50 }, (_, n) => ({ id: `${n}` })));
        expect((await read({ n: { count: 'animals' } })).n).toBe(50);
      });
    });

    describe('indexes', () => {
      test('an index orders by its column, and equal ones by the key', async () => {
        await put({ id: 'c', name: 'Bee' }, { id: 'a', name: 'Bee' }, { id: 'b', name: 'Ant' });
        const { rows } = await read({ rows: { list: 'animals', index: 'byName', limit: 9 } });
        expect(rows.map((row) => row.id)).toEqual(['b', 'a', 'c']);
      });

      test('in reverse an index gives equal ones last key first', async () => {
        await put({ id: 'c', name: 'Bee' }, { id: 'a', name: 'Bee' }, { id: 'b', name: 'Ant' });
        const { rows } = await read({ rows: { list: 'animals', index: 'byName', limit: 2, reverse: true } });
        expect(rows.map((row) => row.id)).toEqual(['c', 'a']);
      });

      test('a row whose column is null or absent is in its store, but not in that index', async () => {
        await put(
          { id: 'a', name: 'Ant', legs: 6 },
          { id: 'b', name: null, legs: 6 },
          { id: 'c', legs: 6 },
          { id: 'd', name: 'Dog', legs: null },
        );
        const rows = await read({
          own: { count: 'animals' },
          byName: { list: 'animals', index: 'byName', limit: 9 },
          byLegs: { list: 'animals', index: 'byLegs', limit: 9 },
          n: { count: 'animals', index: 'byLegs' },
        });
        expect(rows.own).toBe(4);
        expect(rows.byName.map((row) => row.id)).toEqual(['a', 'd']);
        expect(rows.byLegs.map((row) => row.id)).toEqual(['a']);
        expect(rows.n).toBe(1);
      });

      test('a row moves within an index when its column changes, and leaves it with a null', async () => {
        await put({ id: 'a', name: 'Ant' }, { id: 'b', name: 'Bee' });
        await put({ id: 'a', name: 'Cat' });
        expect((await read({ rows: { list: 'animals', index: 'byName', limit: 9 } })).rows.map((row) => row.id)).toEqual([
          'b',
          'a',
        ]);
        await put({ id: 'a', name: null });
        expect((await read({ rows: { list: 'animals', index: 'byName', limit: 9 } })).rows.map((row) => row.id)).toEqual(['b']);
      });

      test('a range by prefix, a bound and a limit go together', async () => {
        await see(...[5, 3, 1, 4, 2].flatMap((day) => ['owl', 'fox'].map((animal) => ({ town: animal, day, animal }))));
        const { rows } = await read({
          rows: {
            list: 'sightings',
            index: 'byAnimal',
            lower: ['owl', 2],
            lowerOpen: true,
            upper: ['owl', BEYOND_ANY_TEXT],
            limit: 2,
          },
        });
        expect(rows.map(({ animal, day }) => `${animal}${day}`)).toEqual(['owl3', 'owl4']);
      });
    });

    describe('transactions', () => {
      test('the body sees the declared reads, and its value is the answer', async () => {
        await put({ id: 'a', legs: 2 }, { id: 'b', legs: 4 });
        const result = await kv.transact({ a: { get: 'animals', key: 'a' }, n: { count: 'animals' } }, ({ a, n }) => ({
          writes: [{ put: 'animals', row: { id: 'a', legs: (a?.legs ?? 0) + n } }],
          value: `${n}`,
        }));
        expect(result).toEqual({ ok: true, value: '2' });
        expect((await read({ a: { get: 'animals', key: 'a' } })).a).toEqual({ id: 'a', legs: 4 });
      });

      test('what was committed is there for the next reader at once', async () => {
        await kv.transact({}, () => ({ writes: [{ put: 'animals', row: { id: 'a' } }], value: null }), 'strict');
        expect(await allIds()).toEqual(['a']);
      });

      test('a body that throws writes nothing, throws to the caller, and leaves the store usable', async () => {
        await put({ id: 'a', name: 'Ant' });
        const failing = kv.transact({ a: { get: 'animals', key: 'a' } }, () => {
          throw new Error('a bug in the body');
        });
        await expect(failing).rejects.toThrow('a bug in the body');
        await put({ id: 'b' });
        expect(await allIds()).toEqual(['a', 'b']);
      });

      test('of two writes to one key the later one wins', async () => {
        await kv.transact({}, () => ({
          writes: [
            { put: 'animals', row: { id: 'a', name: 'first' } },
            { delete: 'animals', key: 'a' },
            { put: 'animals', row: { id: 'a', name: 'last' } },
            { put: 'animals', row: { id: 'b' } },
            { delete: 'animals', key: 'b' },
          ],
          value: null,
        }));
        expect((await read({ rows: { list: 'animals', index: 'byName', limit: 9 } })).rows).toEqual([{ id: 'a', name: 'last' }]);
        expect(await allIds()).toEqual(['a']);
      });

      test('transactions started together run one after the other: no count is lost', async () => {
        const add = () =>
          kv.transact({ a: { get: 'animals', key: 'a' } }, ({ a }) => ({
            writes: [{ put: 'animals', row: { id: 'a', legs: (a?.legs ?? 0) + 1 } }],
            value: (a?.legs ?? 0) + 1,
          }));
        const answers = await Promise.all(Array.from({ length: 20 }, add));
        expect(answers.map((answer) => answer.ok && answer.value)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
      });

      /** One more leg, built on a guess of how many there are. Answers with what the body was last run over. */
      const addLeg = (guessed: number | undefined, on = kv) =>
        on.transact(
          { a: { get: 'animals', key: 'a' } },
          ({ a }) => ({
            writes: [
              { put: 'animals', row: { id: 'a', legs: (a?.legs ?? 0) + 1 } },
              // A row that only a wrong guess writes.
              ...(a?.legs === 100 ? [{ put: 'animals' as const, row: { id: 'wrong' } }] : []),
            ],
            value: a?.legs,
          }),
          'strict',
          { a: guessed === undefined ? undefined : { id: 'a', legs: guessed } },
        );

      test('a right guess writes what the body made of it', async () => {
        expect(await addLeg(undefined)).toEqual({ ok: true, value: undefined });
        expect(await addLeg(1)).toEqual({ ok: true, value: 1 });
        expect((await read({ a: { get: 'animals', key: 'a' } })).a).toEqual({ id: 'a', legs: 2 });
      });

      test.each([
        ['of another row', 100],
        ['of a row where there is none', 100],
        ['of no row where there is one', undefined],
      ])('a wrong guess writes nothing, and the body runs over the rows as they are: %s', async (name, guessed) => {
        const there = name.endsWith('none') ? undefined : 4;
        if (there !== undefined) await put({ id: 'a', legs: there });
        expect(await addLeg(guessed)).toEqual({ ok: true, value: there });
        expect((await read({ rows: { list: 'animals', limit: 9 } })).rows).toEqual([{ id: 'a', legs: (there ?? 0) + 1 }]);
      });

      test('a body that cannot work with a wrong guess is asked again; one that throws over a right guess throws', async () => {
        await put({ id: 'a', legs: 4 });
        const strict = (guessed: number, only: number) =>
          kv.transact(
            { a: { get: 'animals', key: 'a' } },
            ({ a }) => {
              if (a?.legs !== only) throw new Error('not these legs');
              return { writes: [{ put: 'animals', row: { id: 'b' } }], value: a.legs };
            },
            'strict',
            { a: { id: 'a', legs: guessed } },
          );
        expect(await strict(100, 4)).toEqual({ ok: true, value: 4 });
        await expect(strict(4, 100)).rejects.toThrow('not these legs');
        expect(await allIds()).toEqual(['a', 'b']);
      });

      test('two connections that guess at the same time lose no count', async () => {
        const other = await open(database);
        const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => addLeg(n, n % 3 === 0 ? other : kv)));
        other.close();
        expect(answers.map((answer) => (answer.ok ? (answer.value ?? 0) : -1)).sort((x, y) => x - y)).toEqual(
          Array.from({ length: 20 }, (_, n) => n),
        );
        expect((await read({ a: { get: 'animals', key: 'a' } })).a).toEqual({ id: 'a', legs: 20 });
      });

      test('writes to several stores are made together', async () => {
        await kv.transact({}, () => ({
          writes: [
            { put: 'animals', row: { id: 'owl' } },
            { put: 'sightings', row: { town: 'York', day: 1, animal: 'owl' } },
          ],
          value: null,
        }));
        expect(await read({ a: { count: 'animals' }, s: { count: 'sightings' } })).toEqual({ a: 1, s: 1 });
      });

      test('a range of keys is deleted with both its ends, in its turn, and its rows leave the indexes', async () => {
        await put({ id: 'a', name: 'A' }, { id: 'b', name: 'B' }, { id: 'c', name: 'C' }, { id: 'd', name: 'D' });
        await kv.transact({}, () => ({
          writes: [
            { put: 'animals', row: { id: 'bb', name: 'BB' } },
            { deleteRange: 'animals', lower: 'b', upper: 'c' },
            { put: 'animals', row: { id: 'c', name: 'again' } },
          ],
          value: null,
        }));
        expect(await allIds()).toEqual(['a', 'c', 'd']);
        const { rows } = await read({ rows: { list: 'animals', index: 'byName', limit: 9 } });
        expect(rows.map(({ name }) => name)).toEqual(['A', 'D', 'again']);
      });

      test('a range of array keys is deleted, and nothing beside it', async () => {
        await see(...[1, 2, 3, 4].map((day) => ({ town: 'York', day, animal: 'owl' })), { town: 'Bath', day: 2, animal: 'fox' });
        await kv.transact({}, () => ({
          writes: [{ deleteRange: 'sightings', lower: ['York', 2], upper: ['York', 3] }],
          value: null,
        }));
        const { rows } = await read({ rows: { list: 'sightings', limit: 9 } });
        expect(rows.map(({ town, day }) => `${town} ${day}`)).toEqual(['Bath 2', 'York 1', 'York 4']);
      });

      test('a transaction without reads or writes gives its value', async () => {
        expect(await kv.transact({}, () => ({ writes: [], value: 7 }))).toEqual({ ok: true, value: 7 });
      });
    });

    describe('bounds and names that are bugs', () => {
      test('a range whose lower bound is beyond its upper one throws', async () => {
        await expect(kv.read({ rows: { list: 'animals', lower: 'b', upper: 'a', limit: 9 } })).rejects.toThrow();
      });

      test('an index that does not exist throws', async () => {
        await expect(kv.read({ rows: { list: 'animals', index: 'byColour', limit: 9 } })).rejects.toThrow();
      });
    });

    describe('many rows', () => {
      test('two thousand rows put out of order are listed in order, page by page', async () => {
        const ids = Array.from({ length: 2000 }, (_, n) => `${(n * 7919) % 2000}`.padStart(4, '0'));
        await put(...ids.map((id) => ({ id, name: id })));
        const listed: string[] = [];
        for (let after = ''; ; ) {
          const { rows } = await read({ rows: { list: 'animals', index: 'byName', lower: after, lowerOpen: true, limit: 300 } });
          if (rows.length === 0) break;
          listed.push(...rows.map((row) => row.id));
          after = listed.at(-1) ?? '';
        }
        expect(listed).toEqual([...ids].sort());
      });
    });

    describe('life', () => {
      test('a second connection sees what the first committed', async () => {
        await put({ id: 'a' });
        const second = await open(database);
        const result = await second.read({ rows: { list: 'animals', limit: 9 } });
        second.close();
        expect(result).toEqual({ ok: true, value: { rows: [{ id: 'a' }] } });
      });
    });
  });
}
