/** Whatever happens between backups, each holds the workspace as it was then, alone as well as among others. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparePairs, type KeptLine, toKeptLine } from '#backup/kept/parts.ts';
import { toLine } from '#backup/kept/to-line.ts';
import { ledger } from '#entities/index.ts';
import { type BackupWorld, MINUTE, openBackupWorld } from '#support/backup-world.ts';
import { mint, must } from '#support/memory-workspace.ts';

/** What a backup of this moment must hold: every row, read at once. */
async function stateOf({ kv }: BackupWorld): Promise<readonly string[]> {
  const { rows } = must(await kv.read({ rows: { list: 'entities', limit: 1_000_000 } }));
  const lines = rows.flatMap((row) => toLine(ledger, { ...row, deleted: row.place === 2 }) ?? []);
  return [...lines].sort((a: KeptLine, b: KeptLine) => comparePairs(a.key, b.key)).map(({ text }) => text);
}

const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('edit' as const), at: fc.nat(), text: fc.string({ maxLength: 60 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 70 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('purge' as const), at: fc.nat(), count: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bin' as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('large' as const), at: fc.nat() }) },
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

async function perform(world: BackupWorld, ids: string[], what: Act): Promise<void> {
  if (what.do === 'add') {
    ids.push(...(await world.writeNotes(what.count)));
    return;
  }
  if (ids.length === 0) return;
  const at = what.at % ids.length;
  const id = ids[at] ?? '';
  if (what.do === 'edit') await world.save('note', id, { text: what.text });
  if (what.do === 'bin') await world.save('note', id, { binnedAt: 1 });
  if (what.do === 'large') await world.save('note', id, { text: 'long '.repeat(60_000) });
  if (what.do === 'purge') must(await world.store.purge('note', ids.splice(at, what.count)));
}

describe('backups between random edits', () => {
  test('each holds the state of its moment, with the same parts as one that was read as a whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(act, { maxLength: 6 }), { minLength: 1, maxLength: 6 }), async (rounds) => {
        const world = await openBackupWorld();
        const ids: string[] = [...(await world.writeNotes(300))];
        const made: { id: string; state: readonly string[] }[] = [];
        for (const acts of rounds) {
          for (const one of acts) await perform(world, ids, one);
          const { id } = must(await world.backUp());
          made.push({ id, state: await stateOf(world) });
        }
        for (const { id, state } of made) expect(await world.linesOf(id)).toEqual(state);
        // In a place of its own the newest is read as a whole.
        const [last] = made.slice(-1);
        const alone = await openBackupWorld();
        const { time: _time, ...about } = { ...world.about, time: 0 };
        const { id } = await alone.kept.backUp({ ...about, rows: world.rows }, 'schedule', world.run);
        const hashes = async (of: BackupWorld, which: string) => (await of.kept.find(which)).parts.map(({ hash }) => hash);
        expect(await hashes(world, last?.id ?? '')).toEqual(await hashes(alone, id));
      }),
      { numRuns: 12 },
    );
  });

  test('removing any others leaves it readable', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(act, { maxLength: 4 }), { minLength: 3, maxLength: 5 }),
        fc.nat(),
        async (rounds, which) => {
          const world = await openBackupWorld();
          const ids: string[] = [...(await world.writeNotes(40))];
          const made: { id: string; state: readonly string[] }[] = [];
          for (const acts of rounds) {
            for (const one of acts) await perform(world, ids, one);
            made.push({ id: must(await world.backUp()).id, state: await stateOf(world) });
          }
          const kept = made[which % made.length];
          world.time.ms += 2 * MINUTE;
          for (const { id } of made) if (id !== kept?.id) await world.kept.remove(id);
          expect((await world.kept.list()).backups.map(({ id }) => id)).toEqual([kept?.id]);
          expect(await world.linesOf(kept?.id ?? '')).toEqual(kept?.state);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('a line says what its record says', () => {
    const id = mint();
    const fields = { text: `![](files/${'a'.repeat(64)}.png)`, binnedAt: 5 };
    const line = toKeptLine({ kind: 'note', id, v: 1, fields, stamps: {} });
    expect(line).toMatchObject({ key: ['note', id], isBinned: true, blobs: ['a'.repeat(64)] });
  });
});
