/** What a tried restore is found to be, entity by entity: each way in which one can be wrong, and what is no fault. */
import { expect, test } from 'vitest';
import { compareDrill } from '#backup/drill/compare-drill.ts';
import type { BackupRecord } from '#backup/format/record.ts';
import type { LiveRow } from '#core/restoring.ts';
import { ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';

const stamps = { title: '000000001-0000-00000000' } as const;
const version = ledger.get('note')?.version ?? 0;
const idOf = (n: number): string => `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`;

const noteOf = (n: number, more: Partial<BackupRecord> = {}): BackupRecord => ({
  ...{ kind: 'note', id: idOf(n), v: version, fields: { title: `Note ${n}` }, stamps },
  ...more,
});
const rowOf = ({ v, fields, stamps: at }: BackupRecord, more: Partial<LiveRow> = {}): LiveRow => ({
  ...{ v, fields, stamps: at, deleted: false, readOnly: false, isUnchanged: true },
  ...more,
});

/** Compares these records with what became of each, and with what is stored now. */
async function compare(
  cases: readonly { readonly record: BackupRecord; readonly made?: LiveRow | null; readonly now?: LiveRow | null }[],
) {
  const find = (which: 'made' | 'now') => async (keys: readonly (readonly [string, string])[]) =>
    ok(
      keys.map(([, id]) => {
        const one = cases.find(({ record }) => record.id === id);
        return one && (one[which] === undefined ? rowOf(one.record) : one[which]);
      }),
    ) as never;
  async function* records() {
    for (const { record } of cases) yield record;
  }
  const batches: number[] = [];
  const compared = await compareDrill(records(), {
    ...{ ledger, deviceId: 'd', restored: find('made'), live: find('now') },
    onBatch: async (size) => void batches.push(size),
  });
  expect(batches.reduce((sum, size) => sum + size, 0)).toBe(cases.length);
  return compared;
}

test('what came back as it was has held, whatever has become of it here since', async () => {
  const [same, edited, deleted, gone] = [noteOf(1), noteOf(2), noteOf(3), noteOf(4)];
  const compared = await compare([
    { record: same },
    { record: edited, now: rowOf(noteOf(2, { fields: { title: 'Edited' } }), { isUnchanged: false }) },
    { record: deleted, now: rowOf(deleted, { deleted: true, isUnchanged: false }) },
    { record: gone, now: null },
  ]);
  expect(compared).toEqual({ held: 4, leftOut: 0, lost: 0, entities: [], changedSince: 3, aside: 0 });
});

test('what no restore brings back is neither held nor lost', async () => {
  const news = noteOf(2, { kind: 'bulk-deletion', v: 1, fields: { act: 'a' } });
  const compared = await compare([{ record: noteOf(1) }, { record: news, made: null, now: null }]);
  expect(compared).toEqual({ held: 1, leftOut: 0, lost: 0, entities: [], changedSince: 0, aside: 1 });
});

test('what did not come back, came back as something else, or was never as it is here, is named', async () => {
  const compared = await compare([
    { record: noteOf(1), made: null },
    { record: noteOf(2), made: rowOf(noteOf(2), { deleted: true }) },
    { record: noteOf(3), made: rowOf(noteOf(3, { fields: { title: 'Note 4' } })) },
    { record: noteOf(4), made: rowOf(noteOf(4, { stamps: {} })) },
    { record: noteOf(5), now: rowOf(noteOf(5, { fields: { title: 'Note 5, as it is' } })) },
    { record: noteOf(6) },
  ]);
  expect(compared).toMatchObject({ held: 1, lost: 5 });
  expect(compared.entities.map(({ title, fault }) => [title, fault])).toEqual([
    ['Note 1', 'missing'],
    ['Note 2', 'missing'],
    ['Note 3', 'different'],
    ['Note 4', 'different'],
    ['Note 5', 'not-as-here'],
  ]);
});

test('what only a newer version can restore is counted apart; beyond a hundred the lost ones are counted only', async () => {
  const newer = noteOf(1, { v: version + 1 });
  const lost = Array.from({ length: 230 }, (_, n) => ({ record: noteOf(n + 10), made: null }));
  const compared = await compare([{ record: newer, made: null }, ...lost]);
  expect(compared).toMatchObject({ held: 0, leftOut: 1, lost: 230 });
  expect(compared.entities).toHaveLength(100);
});
