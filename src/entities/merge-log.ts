import { defineEntity } from '#core/entity.ts';
import { json, number, string } from '#core/fields.ts';

/** What a merge did to one entity, with every value that lost, so that it can be undone by an ordinary edit. */
export const mergeLog = defineEntity({
  kind: 'merge-log',
  version: 1,
  scope: 'synced',
  nouns: { one: 'merge', many: 'merges' },
  counts: 'part',
  appendOnly: true,
  fields: {
    entityKind: string(''),
    entityId: string(''),
    at: number(0),
    device: string(''),
    theirsDevice: string(''),
    /** `MergeOutcome[]` of `core/merge.ts`. */
    outcomes: json([]),
  },
  migrations: {},
  title: () => 'Merge',
  sample: () => ({
    entityKind: 'note',
    entityId: '0198c0de-0000-7000-8000-00000000a001',
    at: 1_760_000_000_000,
    device: '0198c0de-0000-7000-8000-00000000d001',
    theirsDevice: '0198c0de-0000-7000-8000-00000000d002',
    outcomes: [{ field: 'title', type: 'newer', kept: 'New', lost: 'Old', winner: 'theirs' }],
  }),
});
