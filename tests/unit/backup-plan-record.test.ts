/** What a restore makes of one record: which words win, and that a second restore changes nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BackupRecord } from '#backup/format/record.ts';
import { type PlanInput, planRecord } from '#backup/restore/plan-record.ts';
import type { Body } from '#core/entity.ts';
import type { Json } from '#core/json.ts';
import type { Present } from '#core/restoring.ts';
import { ledger } from '#entities/index.ts';

const ID = '01990000-0000-7000-8000-000000000001';
const DEVICE = '01990000-0000-7000-8000-00000000d001';
const at = (minute: number, device = '0badcafe'): string => `0mgq0f0${String(minute).padStart(2, '0')}-0000-${device}`;

const body = (values: { readonly [field: string]: readonly [value: Json, minute: number] }): Body => ({
  fields: Object.fromEntries(Object.entries(values).map(([field, [value]]) => [field, value])),
  stamps: Object.fromEntries(Object.entries(values).map(([field, [, minute]]) => [field, at(minute)])),
});
const recordOf = (of: Body, more: Partial<BackupRecord> = {}): BackupRecord => ({ kind: 'note', id: ID, v: 2, ...of, ...more });
const presentOf = (of: Body, more: Partial<Present> = {}): Present => ({ v: 2, deleted: false, readOnly: false, ...of, ...more });

const plan = (record: BackupRecord, present: Present | null, more: Partial<PlanInput> = {}) =>
  planRecord({
    record,
    present,
    declaration: ledger.get(record.kind),
    way: 'merge',
    skipNewer: false,
    deviceId: DEVICE,
    ...more,
  });

const early = body({ title: ['Plan', 10], text: ['one', 10], tags: [['a', 'b'], 10] });

describe('merge', () => {
  test('what was never here is added, and what was deleted permanently comes back, with the times that it had', () => {
    expect(plan(recordOf(early), null)).toEqual({ type: 'added', v: 2, body: early });
    const tombstone = presentOf(body({}), { deleted: true });
    expect(plan(recordOf(early), tombstone)).toEqual({ type: 'revived', v: 2, body: early });
  });

  test('what was edited after the backup stays, a tag that was removed since included', () => {
    const later = body({ title: ['Plan', 10], text: ['one two', 20], tags: [['a'], 20] });
    expect(plan(recordOf(early), presentOf(later))).toEqual({ type: 'newer-here' });
  });

  test('of each field the newer words win', () => {
    const here = body({ title: ['Plan B', 20], text: ['old', 5], tags: [['a', 'b'], 10] });
    expect(plan(recordOf(early), presentOf(here))).toEqual({
      type: 'changed',
      v: 2,
      body: body({ title: ['Plan B', 20], text: ['one', 10], tags: [['a', 'b'], 10] }),
      changes: [{ field: 'text', before: 'old', after: 'one' }],
      fresh: [],
    });
  });

  test('a field that the backup lacks stays, and one that reads the same is no change', () => {
    const here = body({
      title: ['Plan', 10],
      text: ['one', 10],
      tags: [['a', 'b'], 10],
      notebook: ['School', 30],
      starred: [false, 30],
    });
    expect(plan(recordOf(early), presentOf(here))).toEqual({ type: 'same' });
    expect(plan(recordOf(body({ ...{ starred: [false, 1] } })), presentOf(early))).toEqual({ type: 'same' });
  });

  test('with everything newer kept, whoever was touched after the backup stays, deletions included', () => {
    const here = body({ title: ['Plan B', 20], text: ['old', 5], tags: [['a', 'b'], 10] });
    expect(plan(recordOf(early), presentOf(here), { skipNewer: true })).toEqual({ type: 'newer-here' });
    const deleted = presentOf(body({ title: ['Plan', 40] }), { deleted: true });
    expect(plan(recordOf(early), deleted, { skipNewer: true })).toEqual({ type: 'newer-here' });
  });
});

describe('overwrite', () => {
  test('the record wins where they differ; what it replaces is newer, so it is stamped when it is written', () => {
    const here = body({ title: ['Plan B', 20], text: ['one', 30], tags: [['a'], 5], notebook: ['School', 30] });
    expect(plan(recordOf(early), presentOf(here), { way: 'overwrite' })).toMatchObject({
      type: 'changed',
      body: { fields: { title: 'Plan', text: 'one', tags: ['a', 'b'], notebook: 'School' } },
      changes: [
        { field: 'title', before: 'Plan B', after: 'Plan' },
        { field: 'tags', before: ['a'], after: ['a', 'b'] },
      ],
      fresh: ['title'],
    });
  });
});

describe('what is left out', () => {
  test.each<[string, BackupRecord, Present | null, string]>([
    ['a body that cannot be read', recordOf(body({}), { raw: '{' }), null, 'unreadable'],
    ['a version that this app does not know', recordOf(early, { v: 99 }), null, 'newer-app'],
    [
      'an entity that a newer app has written here',
      recordOf(early),
      presentOf(body({ title: ['New', 5] }), { readOnly: true }),
      'newer-app',
    ],
    ['the layout of another device', recordOf(body({}), { kind: 'layout', v: 1 }), null, 'other-device'],
    [
      'tabs that are here already',
      recordOf(body({}), { kind: 'layout', id: DEVICE, v: 1 }),
      presentOf(body({ tabs: [[], 3] }), { v: 1 }),
      'not-words',
    ],
    ['news of an account, also where it never was', recordOf(body({}), { kind: 'bulk-restore', v: 1 }), null, 'not-words'],
    ['a private kind', recordOf(body({}), { kind: 'secret', v: 1 }), null, 'chosen'],
  ])('%s', (_, record, present, why) => {
    expect(plan(record, present)).toEqual({ type: 'left-out', why });
  });

  test('a kind that this app does not know is added as it came', () => {
    const unknown = recordOf(body({ colour: ['red', 3] }), { kind: 'mood', v: 7 });
    expect(plan(unknown, null)).toEqual({ type: 'added', v: 7, body: { fields: unknown.fields, stamps: unknown.stamps } });
  });
});

describe('copy', () => {
  test('leaves what is here as it is', () => {
    const here = body({ title: ['Plan B', 20], text: ['one', 10], tags: [['a', 'b'], 10] });
    expect(plan(recordOf(early), presentOf(here), { way: 'copy' })).toEqual({ type: 'kept' });
    expect(plan(recordOf(early), presentOf(early), { way: 'copy' })).toEqual({ type: 'same' });
  });
});

const values = fc.record(
  {
    title: fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(5)),
    text: fc.tuple(fc.constantFrom('', 'one', 'one\ntwo', 'two'), fc.nat(5)),
    tags: fc.tuple(fc.constantFrom<Json>([], ['x'], ['x', 'y'], ['y']), fc.nat(5)),
    starred: fc.tuple(fc.boolean(), fc.nat(5)),
    binnedAt: fc.tuple(fc.constantFrom(null, 5), fc.nat(5)),
  },
  { requiredKeys: [] },
);

test('a second restore changes nothing, whatever differs and whichever way was taken', () => {
  fc.assert(
    fc.property(values, values, fc.constantFrom('merge' as const, 'overwrite' as const), (backup, here, way) => {
      const record = recordOf(body(backup));
      const first = plan(record, presentOf(body(here)), { way });
      if (first.type !== 'changed') return;
      const stamps = { ...first.body.stamps, ...Object.fromEntries(first.fresh.map((field) => [field, at(59)])) };
      expect(plan(record, presentOf({ fields: first.body.fields, stamps }), { way }).type).toMatch(/^(same|newer-here)$/);
    }),
  );
});

test('a merge never takes a value that is older than the one that is here', () => {
  fc.assert(
    fc.property(values, values, (backup, here) => {
      const mine = body(here);
      const planned = plan(recordOf(body(backup)), presentOf(mine));
      if (planned.type !== 'changed') return;
      // What was edited after it was put into the bin here comes out of it: that is a change of the restore's own.
      expect(planned.fresh.filter((field) => field !== 'binnedAt')).toEqual([]);
      for (const [field, stamp] of Object.entries(mine.stamps))
        if (!planned.fresh.includes(field)) expect((planned.body.stamps[field] ?? '') >= stamp, field).toBe(true);
    }),
  );
});
