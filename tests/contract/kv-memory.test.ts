import { describe, expect, test } from 'vitest';
import type { Kv } from '#core/ports.ts';
import { createMemoryKv, type MemoryKv } from '#store/kv/kv-memory.ts';
import { type ContractTables, contractSchema, describeKv } from './kv.ts';

const disks = new Map<string, MemoryKv<ContractTables>>();

describeKv('memory', async (database): Promise<Kv<ContractTables>> => {
  const disk = disks.get(database) ?? createMemoryKv(contractSchema);
  disks.set(database, disk);
  return { ...disk, close() {} };
});

const timeOf = async (body: () => unknown): Promise<number> => {
  const start = performance.now();
  await body();
  return performance.now() - start;
};

describe('the memory adapter alone', () => {
  test('a snapshot keeps the rows of its moment, and opens as a database of its own', async () => {
    const disk = createMemoryKv(contractSchema);
    const put = (kv: MemoryKv<ContractTables>, id: string, name: string) =>
      kv.transact({}, () => ({ writes: [{ put: 'animals', row: { id, name } }], value: null }));
    await put(disk, 'a', 'Ant');
    const snapshot = disk.snapshot();
    await put(disk, 'a', 'Aphid');
    const copy = createMemoryKv(contractSchema, snapshot);
    await put(copy, 'b', 'Bee');
    expect(await copy.read({ rows: { list: 'animals', index: 'byName', limit: 9 } })).toEqual({
      ok: true,
      value: {
        rows: [
          { id: 'a', name: 'Ant' },
          { id: 'b', name: 'Bee' },
        ],
      },
    });
    expect(await disk.read({ rows: { list: 'animals', limit: 9 } })).toEqual({
      ok: true,
      value: { rows: [{ id: 'a', name: 'Aphid' }] },
    });
  });

  test('after close every call answers that the connection is lost', async () => {
    const disk = createMemoryKv(contractSchema);
    disk.close();
    expect(await disk.read({})).toMatchObject({ ok: false, error: { type: 'ConnectionLost' } });
    expect(await disk.transact({}, () => ({ writes: [], value: 1 }))).toMatchObject({
      ok: false,
      error: { type: 'ConnectionLost' },
    });
  });

  test('a hundred thousand rows are found, changed and listed without a wait', async () => {
    const disk = createMemoryKv(contractSchema);
    const id = (n: number) => `${(n * 7919) % 100_003}`.padStart(6, '0');
    await disk.transact({}, () => ({
      writes: Array.from({ length: 100_000 }, (_, n) => ({ put: 'animals' as const, row: { id: id(n), name: id(n) } })),
      value: null,
    }));
    const sorted = await timeOf(() => {
      Array.from({ length: 100_000 }, (_, n) => id(n)).sort();
    });
    const took = await timeOf(async () => {
      for (let n = 0; n < 200; n++) {
        await disk.transact(
          { row: { get: 'animals', key: id(n) }, first: { list: 'animals', index: 'byName', limit: 100 } },
          ({ row }) => ({
            writes: [{ put: 'animals', row: { ...row, id: id(n), name: `${n}` } }],
            value: null,
          }),
        );
      }
    });
    // 200 saves with a page each take less than one sort of the rows; sorting them for each would take 200.
    expect(took / sorted).toBeLessThan(50);
  });
});
