import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZERO_STAMP } from '#core/clock.ts';
import { BINNED_AT, type Body, defineEntity, type EntityDeclaration, initialOf, ruleFor } from '#core/entity.ts';
import { counter, flag, json, list, map, set, string, text, time } from '#core/fields.ts';
import { canonicalJson, equalJson, type Json } from '#core/json.ts';
import { type ConflictPolicy, type MergeInput, type MergeResult, merge3 } from '#core/merge/merge.ts';
import { stampOf } from '#core/merge/side.ts';
import { ledger } from '#entities/index.ts';
import { bodyOf, deviceEdits, sideAfter } from '#support/entity-edits.ts';
import { runs } from '#support/property-runs.ts';
import { wordsOf } from '#support/text-edits.ts';

/** A kind with every rule, and a secret for every rule. */
const everything = defineEntity({
  kind: 'everything',
  version: 1,
  scope: 'synced',
  nouns: { one: 'thing', many: 'things' },
  fields: {
    title: string(''),
    text: text(''),
    tags: set([]),
    clicks: counter(0),
    items: list({}),
    options: map({}),
    starred: flag(false),
    data: json(null),
    lastUsed: time(null, { bookkeeping: true }),
    [BINNED_AT]: time(null),
    apiKey: string('', { secret: true }),
    secretText: text('', { secret: true }),
    secretItems: list({}, { secret: true }),
    secretOptions: map({}, { secret: true }),
    secretTags: set([], { secret: true }),
  },
  migrations: {},
  title: () => '',
  sample: () => ({
    title: 'Light',
    text: 'Water in, oxygen out.\n\nThe cell is green.\n',
    tags: ['one', 'two', 'three'],
    clicks: 5,
    items: { p1: { order: 'a0', name: 'Explain' }, common: { order: 'a1', name: 'Both' } },
    options: { common: 'x', other: 'y' },
    starred: true,
    data: [1, { two: 2 }],
    lastUsed: 1_760_000_000_000,
    [BINNED_AT]: null,
    apiKey: 'sk-0',
    secretText: 'one\ntwo',
    secretItems: {},
    secretOptions: { common: 'z' },
    secretTags: [],
  }),
});

const kinds: readonly EntityDeclaration[] = [...ledger.values(), everything];

/** The edits of two devices on the same sample, or on nothing that they have in common. */
const inputs = (declaration: EntityDeclaration, policies: readonly ConflictPolicy[] = ['newer']): fc.Arbitrary<MergeInput> =>
  fc
    .record({
      full: fc.boolean(),
      hasBase: fc.boolean(),
      unknownKind: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
      mine: deviceEdits,
      theirs: deviceEdits,
      lead: fc.integer({ min: -10, max: 10 }),
      policy: fc.constantFrom(...policies),
    })
    .map(({ full, hasBase, unknownKind, mine, theirs, lead, policy }) => {
      const start = bodyOf(full ? declaration.sample() : {});
      const now = 1_760_000_000_000;
      return {
        base: hasBase ? start : null,
        mine: sideAfter(start, declaration, mine, 'mine', now + lead * 700),
        theirs: sideAfter(start, declaration, theirs, 'theirs', now),
        declaration: unknownKind ? undefined : declaration,
        policy,
      };
    });

const swap = (input: MergeInput): MergeInput => ({ ...input, mine: input.theirs, theirs: input.mine });
const read = (body: Body, field: string): Json | undefined =>
  Object.hasOwn(body.fields, field) ? body.fields[field] : undefined;

/** All words of a value, at whatever depth. */
function wordsIn(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return wordsOf(String(value));
  return Object.entries(value).flatMap(([key, member]) => [...(Array.isArray(value) ? [] : wordsOf(key)), ...wordsIn(member)]);
}

/** The words that a result still holds of a field: in its value, in what lost, in what waits for the person. */
function heldOf(field: string, { body, outcomes, conflicts }: MergeResult): ReadonlySet<string> {
  const reports = [...outcomes, ...conflicts].filter((report) => report.field === field);
  return new Set([...wordsIn(read(body, field)), ...wordsIn(reports as unknown as Json)]);
}

describe.each(kinds.map((declaration) => [declaration.kind, declaration] as const))('the merge of a %s', (_kind, declaration) => {
  test('is the same body whichever side is called mine', () => {
    fc.assert(
      fc.property(inputs(declaration), (input) => {
        const [here, there] = [merge3(input), merge3(swap(input))];
        expect(canonicalJson(here.body as unknown as Json)).toBe(canonicalJson(there.body as unknown as Json));
        expect(there.outcomes.length).toBe(here.outcomes.length);
      }),
      { numRuns: runs(200) },
    );
  });

  test('takes over whatever only one side changed, word for word and without a report', () => {
    fc.assert(
      fc.property(inputs(declaration, ['newer', 'ask']), (input) => {
        fc.pre(input.base !== null);
        const base = input.base ?? input.mine.body;
        const unchanged = { ...input.mine, body: base };
        expect(merge3({ ...input, mine: unchanged })).toEqual({ body: input.theirs.body, outcomes: [], conflicts: [] });
        expect(merge3({ ...input, mine: input.theirs, theirs: unchanged })).toEqual({
          body: input.theirs.body,
          outcomes: [],
          conflicts: [],
        });
        expect(merge3({ ...input, mine: input.theirs })).toEqual({ body: input.theirs.body, outcomes: [], conflicts: [] });
      }),
      { numRuns: runs(100) },
    );
  });

  test('keeps every word that a side wrote in the body, a report or a conflict', () => {
    fc.assert(
      fc.property(inputs(declaration, ['newer', 'ask']), (input) => {
        const result = merge3(input);
        const before = new Set(wordsIn(input.base?.fields as Json | undefined));
        for (const side of [input.mine, input.theirs]) {
          for (const [field, value] of Object.entries(side.body.fields)) {
            const declared = input.declaration?.fields[field];
            // A counter becomes the sum of both steps; an edit outlives the bin; what is only the initial value was not written.
            if (declared?.secret || declared?.rule === 'counter' || field === BINNED_AT) continue;
            if (equalJson(value, declared?.initial)) continue;
            const held = heldOf(field, result);
            expect(wordsIn(value).filter((word) => !before.has(word) && !held.has(word))).toEqual([]);
          }
        }
      }),
      { numRuns: runs(200) },
    );
  });

  test('writes no field that neither side has', () => {
    fc.assert(
      fc.property(inputs(declaration, ['newer', 'ask']), (input) => {
        const known = new Set([...Object.keys(input.mine.body.fields), ...Object.keys(input.theirs.body.fields)]);
        // Two devices that took a counter out have both stepped it down: the sum is not what either of them reads.
        for (const [field, { rule }] of Object.entries(input.declaration?.fields ?? {})) if (rule === 'counter') known.add(field);
        expect(Object.keys(merge3(input).body.fields).filter((field) => !known.has(field))).toEqual([]);
      }),
      { numRuns: runs(100) },
    );
  });

  test('merged again with one of its sides stays as it is, texts and counters excepted', () => {
    fc.assert(
      fc.property(inputs(declaration), (input) => {
        const merged = merge3(input).body;
        const again = merge3({ ...input, mine: { ...input.mine, body: merged } }).body;
        for (const field of Object.keys(merged.fields)) {
          const rule = input.declaration?.fields[field]?.rule;
          if (rule === 'text' || rule === 'counter') continue;
          expect([field, read(again, field)]).toEqual([field, read(merged, field)]);
        }
      }),
      { numRuns: runs(200) },
    );
  });

  test('gives of a plain value what was written last, also where that is what it was before', () => {
    fc.assert(
      fc.property(inputs(declaration), (input) => {
        const { base, mine, theirs } = input;
        fc.pre(base !== null);
        const merged = merge3(input).body;
        const view = (body: Body, field: string) => read(body, field) ?? initialOf(input.declaration, field) ?? null;
        for (const field of new Set([...Object.keys(mine.body.stamps), ...Object.keys(theirs.body.stamps)])) {
          if (field === BINNED_AT || ruleFor(input.declaration, field) !== 'value') continue;
          const stampIn = ({ body }: { readonly body: Body }) => stampOf(body, field) ?? ZERO_STAMP;
          const wrote = [mine, theirs].filter((side) => stampIn(side) !== stampOf(base ?? mine.body, field));
          const [last] = wrote.sort((a, b) => (stampIn(a) > stampIn(b) ? -1 : 1));
          if (last) expect([field, view(merged, field)]).toEqual([field, view(last.body, field)]);
        }
      }),
      { numRuns: runs(200) },
    );
  });

  test('asks about a field or decides it, and leaves what it asks about as mine', () => {
    fc.assert(
      fc.property(inputs(declaration, ['ask']), (input) => {
        const { body, outcomes, conflicts } = merge3(input);
        for (const { field, mine, theirs } of conflicts) {
          expect(outcomes.map((outcome) => outcome.field)).not.toContain(field);
          expect(read(body, field)).toEqual(read(input.mine.body, field));
          expect(equalJson(mine, theirs)).toBe(false);
          expect(isUnasked(input, field)).toBe(false);
        }
        expect(outcomes.filter(({ field, type }) => type === 'newer' && !isUnasked(input, field))).toEqual([]);
      }),
      { numRuns: runs(100) },
    );
  });
});

/** Decided by time, whatever the policy. */
const isUnasked = (input: MergeInput, field: string): boolean =>
  field === BINNED_AT || isSecret(input, field) || input.declaration?.fields[field]?.bookkeeping === true;

const isSecret = ({ declaration }: MergeInput, field: string): boolean => declaration?.fields[field]?.secret === true;

describe('secret fields', () => {
  test('never appear in a report or a conflict', () => {
    fc.assert(
      fc.property(inputs(everything, ['newer', 'ask']), (input) => {
        fc.pre(input.declaration !== undefined);
        const { outcomes, conflicts } = merge3(input);
        expect([...outcomes, ...conflicts].filter(({ field }) => isSecret(input, field))).toEqual([]);
      }),
      { numRuns: runs(300) },
    );
  });
});

describe('the device that did not merge', () => {
  test('takes the result over as it is', () => {
    fc.assert(
      fc.property(deviceEdits, deviceEdits, (first, second) => {
        const base = bodyOf(everything.sample());
        const mine = sideAfter(base, everything, first, 'mine', 1_760_000_000_000);
        const theirs = sideAfter(base, everything, second, 'theirs', 1_760_000_000_500);
        const input = { base, mine, theirs, declaration: everything, policy: 'newer' } as const;
        // The server held `theirs`; this device merged, and pushed. The other device takes the result over.
        const merged = merge3(input).body;
        const taken = merge3({ ...input, base: theirs.body, mine: theirs, theirs: { ...mine, body: merged } });
        expect(taken).toEqual({ body: merged, outcomes: [], conflicts: [] });
      }),
    );
  });
});
