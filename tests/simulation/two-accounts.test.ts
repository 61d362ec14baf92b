import { expect, test } from 'vitest';
import type { Kv, Read, Write } from '#core/ports.ts';
import type { CountersRow } from '#store/schema/meta-rows.ts';
import type { EntityRow, WorkspaceTables } from '#store/schema/schema.ts';
import { simulateTwoAccounts, type TwoAccountsMutation } from './two-accounts.ts';

const SEEDS = 500;

type WorkspaceKv = Kv<WorkspaceTables>;

/** Every transaction's writes, changed before they are committed. */
const withWrites =
  (change: (write: Write<WorkspaceTables>) => readonly Write<WorkspaceTables>[]) =>
  (kv: WorkspaceKv): WorkspaceKv => ({
    ...kv,
    transact: (reads, body, durability) =>
      kv.transact(
        reads,
        (rows) => {
          const { writes, value } = body(rows);
          return { writes: writes.flatMap(change), value };
        },
        durability,
      ),
  });

/** What reads find, changed before anybody sees it. */
const withFound =
  (change: (read: Read<WorkspaceTables>, found: unknown) => unknown) =>
  (kv: WorkspaceKv): WorkspaceKv => {
    const see = (reads: object, rows: object): object =>
      Object.fromEntries(
        Object.entries(rows).map(([name, found]) => [
          name,
          change((reads as { [name: string]: Read<WorkspaceTables> })[name] as never, found),
        ]),
      );
    return {
      ...kv,
      async read(reads) {
        const result = await kv.read(reads);
        return result.ok ? ({ ok: true, value: see(reads, result.value) } as typeof result) : result;
      },
      transact: (reads, body, durability) => kv.transact(reads, (rows) => body(see(reads, rows) as typeof rows), durability),
    };
  };

const isPut = <S extends keyof WorkspaceTables & string>(
  write: Write<WorkspaceTables>,
  store: S,
): write is { put: S; row: WorkspaceTables[S] } & Write<WorkspaceTables> => 'put' in write && write.put === store;

const mutations: readonly TwoAccountsMutation[] = [
  { name: 'what is brought is not queued', into: withWrites((write) => (isPut(write, 'outbox') ? [] : [write])) },
  {
    name: 'what is brought overwrites what is there',
    into: withFound((read, found) =>
      'getMany' in read && read.getMany === 'entities' ? (found as unknown[]).map(() => undefined) : found,
    ),
  },
  { name: 'a way that was cut is not gone on with', isNeverResumed: true },
  { name: 'what is written into the account that was left stays there', isNotFollowed: true },
  {
    name: 'what is written meanwhile is not looked for',
    from: withFound((read, found) => ('index' in read && read.index === 'byLocalSeq' ? [] : found)),
  },
  {
    name: 'no revision is kept as the base of the next change',
    from: withWrites((write) => {
      if (!isPut(write, 'meta') || write.row.key !== 'state') return [write];
      const { broughtSeq: _, ...state } = write.row as CountersRow;
      return [{ put: 'meta', row: state }];
    }),
  },
  {
    name: 'the state that was brought is not noted',
    into: withWrites((write) => {
      if (!isPut(write, 'entities')) return [write];
      const { brought: _, ...row } = write.row as EntityRow;
      return [{ put: 'entities', row }];
    }),
  },
];

test(`${SEEDS} seeds of work on its way between two accounts lose no line, and bring back none that was taken out`, async () => {
  for (let seed = 0; seed < SEEDS; seed++) expect(await simulateTwoAccounts(seed), `seed ${seed}`).toEqual([]);
});

test.each(mutations)('is noticed: $name', async (mutation) => {
  for (let seed = 0; seed < SEEDS; seed++) if ((await simulateTwoAccounts(seed, mutation)).length > 0) return;
  expect.fail(`not noticed in ${SEEDS} seeds`);
});
