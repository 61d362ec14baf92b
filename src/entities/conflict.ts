import { defineEntity } from '#core/entity.ts';
import { json, number, oneOf, string, text } from '#core/fields.ts';

/** Two values that only a person can choose between. Any device resolves it; the resolution itself is newer-wins. */
export const conflict = defineEntity({
  kind: 'conflict',
  version: 2,
  scope: 'synced',
  nouns: { one: 'conflict', many: 'conflicts' },
  counts: 'part',
  fields: {
    entityKind: string(''),
    entityId: string(''),
    field: string(''),
    base: json(null),
    mine: json(null),
    theirs: json(null),
    mineDevice: string(''),
    theirsDevice: string(''),
    at: number(0),
    /** Decided on two devices, the later word wins: a question about a question would help nobody. */
    resolution: oneOf(['open', 'mine', 'theirs', 'edited'], 'open', { bookkeeping: true }),
    /** What the person makes of both, as long as they write it. */
    draft: text(''),
  },
  migrations: { 2: (fields) => fields },
  // The other side is what the document holds.
  searchedAs: ({ resolution, entityKind, entityId, theirs }) =>
    resolution === 'open' && typeof theirs === 'string' ? { kind: entityKind, id: entityId, text: theirs } : null,
  title: ({ field }) => `Conflict in ${field}`,
  sample: () => ({
    entityKind: 'note',
    entityId: '0198c0de-0000-7000-8000-00000000a001',
    field: 'text',
    base: 'one',
    mine: 'one two',
    theirs: 'one three',
    mineDevice: '0198c0de-0000-7000-8000-00000000d001',
    theirsDevice: '0198c0de-0000-7000-8000-00000000d002',
    at: 1_760_000_000_000,
    resolution: 'open',
    draft: 'one two three',
  }),
});
