import { describe, expect, test } from 'vitest';
import { formatStamp, MAX_DRIFT_MS } from '#core/clock.ts';
import { BINNED_AT, type Body, defineEntity, type EntityDeclaration, type Fields } from '#core/entity.ts';
import { counter, list, map, number, set, string, text, time } from '#core/fields.ts';
import { type ConflictPolicy, type MergeResult, merge3 } from '#core/merge/merge.ts';
import { bodyOf } from '#support/entity-edits.ts';

const kind = defineEntity({
  kind: 'test',
  version: 1,
  scope: 'synced',
  nouns: { one: 'test', many: 'tests' },
  fields: {
    title: string(''),
    text: text(''),
    tags: set([]),
    clicks: counter(0),
    items: list({}),
    options: map({}),
    size: number(1),
    apiKey: string('', { secret: true }),
    lastUsed: time(null, { bookkeeping: true }),
    [BINNED_AT]: time(null),
  },
  migrations: {},
  title: () => '',
  sample: () => ({
    title: '',
    text: '',
    tags: [],
    clicks: 0,
    items: {},
    options: {},
    size: 1,
    apiKey: '',
    lastUsed: null,
    [BINNED_AT]: null,
  }),
});

const NOON = 1_760_000_000_000;
const LAPTOP = '00000000-0000-7000-8000-0000aaaaaaaa';
const PHONE = '00000000-0000-7000-8000-0000bbbbbbbb';

interface Edit {
  readonly fields: Fields;
  /** Seconds after noon at which all of the fields were written. */
  readonly at: number;
  readonly acceptedAt?: number;
  /** Fields that are not there any more. */
  readonly without?: readonly string[];
}

function sideOf(base: Body | null, device: string, { fields, at, acceptedAt, without = [] }: Edit) {
  const stamp = formatStamp({ ms: NOON + at * 1000, counter: 0, tag: device.slice(-8) });
  const written = [...Object.keys(fields), ...without];
  const kept = Object.entries({ ...base?.fields, ...fields }).filter(([field]) => !without.includes(field));
  const stamps = { ...base?.stamps, ...Object.fromEntries(written.map((field) => [field, stamp])) };
  return { body: { fields: Object.fromEntries(kept), stamps }, deviceId: device, acceptedAt: acceptedAt ?? null };
}

interface Case {
  readonly base: Fields | null;
  readonly laptop: Edit;
  readonly phone: Edit;
  readonly policy?: ConflictPolicy;
  readonly declaration?: EntityDeclaration | undefined;
}

/** The merge on the laptop. */
function merge({ base, laptop, phone, policy = 'newer', ...rest }: Case): MergeResult {
  const start = base && bodyOf(base);
  const declaration = 'declaration' in rest ? rest.declaration : kind;
  return merge3({ base: start, mine: sideOf(start, LAPTOP, laptop), theirs: sideOf(start, PHONE, phone), declaration, policy });
}

const mergeTexts = (base: string, laptop: string, phone: string, policy: ConflictPolicy = 'newer'): MergeResult =>
  merge({ base: { text: base }, laptop: { fields: { text: laptop }, at: 1 }, phone: { fields: { text: phone }, at: 2 }, policy });

describe('fields', () => {
  test('that two devices changed apart are both kept, each with its own stamp', () => {
    const { body, outcomes } = merge({
      base: { title: 'a', size: 1 },
      laptop: { fields: { title: 'b' }, at: 1 },
      phone: { fields: { size: 2 }, at: 2 },
    });
    expect(body.fields).toEqual({ title: 'b', size: 2 });
    expect(body.stamps.title).toContain('aaaaaaaa');
    expect(body.stamps.size).toContain('bbbbbbbb');
    expect(outcomes).toEqual([]);
  });

  test('that both changed are the newer one, and the older is reported', () => {
    const { body, outcomes } = merge({
      base: { title: 'a' },
      laptop: { fields: { title: 'b' }, at: 3 },
      phone: { fields: { title: 'c' }, at: 2 },
    });
    expect(body.fields).toEqual({ title: 'b' });
    expect(outcomes).toEqual([{ field: 'title', type: 'newer', kept: 'b', lost: 'c', winner: 'mine' }]);
  });

  test('written in the same millisecond go to the same device wherever they are merged', () => {
    const { body, outcomes } = merge({
      base: { title: 'a' },
      laptop: { fields: { title: 'b' }, at: 1 },
      phone: { fields: { title: 'c' }, at: 1 },
    });
    expect(body.fields).toEqual({ title: 'c' });
    expect(outcomes).toMatchObject([{ lost: 'b', winner: 'theirs' }]);
  });

  test('with the very same stamp go to the device whose id sorts last', () => {
    const stamps = { title: formatStamp({ ms: NOON, counter: 0, tag: 'cccccccc' }) };
    const mine = { body: { fields: { title: 'z' }, stamps }, deviceId: LAPTOP, acceptedAt: null };
    const theirs = { body: { fields: { title: 'a' }, stamps }, deviceId: PHONE, acceptedAt: null };
    const input = { base: bodyOf({ title: '' }), declaration: kind, policy: 'newer' } as const;
    expect(merge3({ ...input, mine, theirs }).body.fields).toEqual({ title: 'a' });
    expect(merge3({ ...input, mine: theirs, theirs: mine }).body.fields).toEqual({ title: 'a' });
  });

  test('that both changed to the same value converge silently', () => {
    const { body, outcomes } = merge({
      base: { title: 'a' },
      laptop: { fields: { title: 'b' }, at: 1 },
      phone: { fields: { title: 'b' }, at: 2 },
    });
    expect(body.fields).toEqual({ title: 'b' });
    expect(body.stamps.title).toContain('bbbbbbbb');
    expect(outcomes).toEqual([]);
  });

  test('that the newer side put back to what they were keep that, and the older change is reported', () => {
    for (const base of [{ title: 'a', size: 1 }, { title: 'a' }]) {
      const { body, outcomes } = merge({
        base,
        laptop: { fields: { title: 'a', size: 1 }, at: 2 },
        phone: { fields: { title: 'b', size: 2 }, at: 1 },
      });
      expect(body.fields).toEqual({ title: 'a', size: 1 });
      expect(body.stamps.title).toContain('aaaaaaaa');
      expect(outcomes).toEqual([
        { field: 'size', type: 'newer', kept: 1, lost: 2, winner: 'mine' },
        { field: 'title', type: 'newer', kept: 'a', lost: 'b', winner: 'mine' },
      ]);
    }
  });

  test('that the older side put back to what they were are the newer change, silently', () => {
    const { body, outcomes } = merge({
      base: { title: 'a' },
      laptop: { fields: { title: 'a' }, at: 1 },
      phone: { fields: { title: 'b' }, at: 2 },
    });
    expect(body.fields).toEqual({ title: 'b' });
    expect(outcomes).toEqual([]);
  });

  test('that were put back are a question under the policy that asks', () => {
    const laptop = { fields: { title: 'a' }, at: 2 };
    const { body, conflicts } = merge({ base: { title: 'a' }, laptop, phone: { fields: { title: 'b' }, at: 1 }, policy: 'ask' });
    expect(body.fields).toEqual({ title: 'a' });
    expect(conflicts).toEqual([{ field: 'title', base: 'a', mine: 'a', theirs: 'b' }]);
  });

  test('taken out of the bin again stay out, whoever binned them before that', () => {
    const { body } = merge({
      base: { title: 'a' },
      laptop: { fields: { [BINNED_AT]: null }, at: 2 },
      phone: { fields: { [BINNED_AT]: NOON }, at: 1 },
    });
    expect(body.fields).toEqual({ title: 'a', [BINNED_AT]: null });
  });

  test('put back later than the other side changed them do not take an entity out of the bin', () => {
    const input = {
      base: { title: 'a' },
      laptop: { fields: { title: 'b' }, at: 1 },
      phone: { fields: { title: 'a', [BINNED_AT]: NOON }, at: 2 },
    };
    expect(merge(input).body.fields).toEqual({ title: 'a', [BINNED_AT]: NOON });
    // A change that lasts does.
    expect(merge({ ...input, phone: { ...input.phone, at: 0 } }).body.fields).toEqual({ title: 'b', [BINNED_AT]: null });
  });

  test('whose text was typed and undone keep what the other side wrote', () => {
    const { body } = merge({
      base: { text: 'one', tags: ['x'], options: { a: 1 } },
      laptop: { fields: { text: 'one', tags: ['x'], options: { a: 1 } }, at: 2 },
      phone: { fields: { text: 'one two', tags: ['x', 'y'], options: { a: 2 } }, at: 1 },
    });
    expect(body.fields).toEqual({ text: 'one two', tags: ['x', 'y'], options: { a: 2 } });
  });

  test('that one side only wrote their initial value into do not beat a real one', () => {
    const { body, outcomes } = merge({
      base: null,
      laptop: { fields: { title: '', size: 1 }, at: 9 },
      phone: { fields: { title: 'mine', size: 3 }, at: 1 },
    });
    expect(body.fields).toEqual({ title: 'mine', size: 3 });
    expect(outcomes).toEqual([]);
  });

  test('that this version does not know merge as plain values, null among them', () => {
    const { body, outcomes } = merge({
      base: { fresh: { a: 1 } },
      laptop: { fields: { fresh: { a: 2 }, other: null }, at: 1 },
      phone: { fields: { fresh: { b: 1 } }, at: 2 },
    });
    expect(body.fields).toEqual({ fresh: { b: 1 }, other: null });
    expect(outcomes).toMatchObject([{ field: 'fresh', lost: { a: 2 } }]);
  });

  test('removed on one side and changed on the other go to the newer', () => {
    const edits = {
      base: { fresh: 1 },
      laptop: { fields: {}, without: ['fresh'], at: 1 },
      phone: { fields: { fresh: 2 }, at: 2 },
    };
    expect(merge(edits).body.fields).toEqual({ fresh: 2 });
    const later = merge({ ...edits, laptop: { ...edits.laptop, at: 3 } });
    expect(later.body.fields).toEqual({});
    expect(later.outcomes).toEqual([{ field: 'fresh', type: 'newer', kept: null, lost: 2, winner: 'mine' }]);
  });

  test('of an unknown kind merge, too', () => {
    const { body } = merge({
      base: { a: 1, b: 1 },
      laptop: { fields: { a: 2 }, at: 1 },
      phone: { fields: { b: 2 }, at: 2 },
      declaration: undefined,
    });
    expect(body.fields).toEqual({ a: 2, b: 2 });
  });

  test('with a secret win by time and are named nowhere', () => {
    for (const policy of ['newer', 'ask'] as const) {
      const { body, outcomes, conflicts } = merge({
        base: { apiKey: 'sk-0' },
        laptop: { fields: { apiKey: 'sk-1' }, at: 1 },
        phone: { fields: { apiKey: 'sk-2' }, at: 2 },
        policy,
      });
      expect(body.fields).toEqual({ apiKey: 'sk-2' });
      expect([outcomes, conflicts]).toEqual([[], []]);
    }
  });

  test('of a shape that their rule does not take merge as plain values', () => {
    const { body, outcomes } = merge({
      base: { tags: ['a'] },
      laptop: { fields: { tags: 'not a set' }, at: 1 },
      phone: { fields: { tags: ['a', 'b'] }, at: 2 },
    });
    expect(body.fields).toEqual({ tags: ['a', 'b'] });
    expect(outcomes).toMatchObject([{ lost: 'not a set' }]);
  });
});

describe('sets, counters, maps and lists', () => {
  test('a set keeps what either side added and drops what either side removed', () => {
    const { body, outcomes } = merge({
      base: { tags: ['one', 'two', 'three'] },
      laptop: { fields: { tags: ['one', 'three', 'new'] }, at: 1 },
      phone: { fields: { tags: ['three', 'two', 'also'] }, at: 2 },
    });
    expect(body.fields).toEqual({ tags: ['three', 'also', 'new'] });
    expect(outcomes).toEqual([{ field: 'tags', type: 'both' }]);
  });

  test('a set in another order is not a change', () => {
    const { body, outcomes } = merge({
      base: { tags: ['one', 'two'] },
      laptop: { fields: { tags: ['two', 'one'] }, at: 9 },
      phone: { fields: { tags: ['one', 'two', 'three'] }, at: 1 },
    });
    expect(body.fields).toEqual({ tags: ['one', 'two', 'three'] });
    expect(outcomes).toEqual([]);
  });

  test('a counter adds both steps, also equal ones', () => {
    const step = (laptop: number, phone: number) =>
      merge({ base: { clicks: 5 }, laptop: { fields: { clicks: laptop }, at: 1 }, phone: { fields: { clicks: phone }, at: 2 } })
        .body.fields;
    expect(step(6, 8)).toEqual({ clicks: 9 });
    expect(step(6, 6)).toEqual({ clicks: 7 });
    expect(step(4, 6)).toEqual({ clicks: 5 });
  });

  test('a counter that both have from the same write is not added twice', () => {
    const base = bodyOf({ clicks: 5, title: '' });
    const shared = { clicks: 6 };
    const stamp = formatStamp({ ms: NOON, counter: 0, tag: 'aaaaaaaa' });
    const body = (title: string): Body => ({ fields: { ...shared, title }, stamps: { clicks: stamp, title: stamp } });
    const merged = merge3({
      base,
      mine: { body: body('a'), deviceId: LAPTOP, acceptedAt: null },
      theirs: { body: body('a'), deviceId: PHONE, acceptedAt: null },
      declaration: kind,
      policy: 'newer',
    });
    expect(merged.body.fields.clicks).toBe(6);
  });

  test('a map merges by key, and reports only the keys that overlapped', () => {
    const { body, outcomes } = merge({
      base: { options: { a: 1, b: 1, c: 1, d: 1 } },
      laptop: { fields: { options: { a: 2, b: 2, d: 1, e: 1 } }, at: 1 },
      phone: { fields: { options: { a: 3, b: 1, c: 1, f: 1 } }, at: 2 },
    });
    expect(body.fields).toEqual({ options: { a: 3, b: 2, e: 1, f: 1 } });
    expect(outcomes).toEqual([{ field: 'options', type: 'newer', kept: { a: 3 }, lost: { a: 2 }, winner: 'theirs' }]);
  });

  test('a key changed here and removed there goes to the newer, and the change is reported', () => {
    const { body, outcomes } = merge({
      base: { options: { a: 1 } },
      laptop: { fields: { options: { a: 2 } }, at: 1 },
      phone: { fields: { options: {} }, at: 2 },
    });
    expect(body.fields).toEqual({ options: {} });
    expect(outcomes).toEqual([{ field: 'options', type: 'newer', kept: {}, lost: { a: 2 }, winner: 'theirs' }]);
  });

  test('an item of a list is moved by one device and renamed by the other', () => {
    const { body, outcomes } = merge({
      base: { items: { p: { order: 'a0', name: 'Explain' } } },
      laptop: { fields: { items: { p: { order: 'a5', name: 'Explain' }, q: { order: 'a1', name: 'New' } } }, at: 1 },
      phone: { fields: { items: { p: { order: 'a0', name: 'Explain simply' } } }, at: 2 },
    });
    expect(body.fields).toEqual({ items: { p: { order: 'a5', name: 'Explain simply' }, q: { order: 'a1', name: 'New' } } });
    expect(outcomes).toEqual([{ field: 'items', type: 'both' }]);
  });

  test('keys called like members of every object are data', () => {
    const options = (value: number) => JSON.parse(`{"__proto__":${value},"constructor":${value},"toString":1}`) as Fields;
    const { body } = merge({
      base: { options: options(1) },
      laptop: { fields: { options: options(2) }, at: 1 },
      phone: { fields: { options: { ...options(1), more: 1 } }, at: 2 },
    });
    expect(JSON.stringify(body.fields.options)).toBe('{"__proto__":2,"constructor":2,"toString":1,"more":1}');
  });
});

describe('texts', () => {
  const cases: readonly (readonly [string, base: string, laptop: string, phone: string, merged: string])[] = [
    ['edits of different lines are both kept', 'one\ntwo\nthree', 'ONE\ntwo\nthree', 'one\ntwo\nTHREE', 'ONE\ntwo\nTHREE'],
    ['edits of neighbouring lines are both kept', 'one\ntwo', 'ONE\ntwo', 'one\nTWO', 'ONE\nTWO'],
    [
      'edits of different words of a line are both kept',
      'the cat sat on the mat',
      'the dog sat on the mat',
      'the cat sat on the rug',
      'the dog sat on the rug',
    ],
    [
      'a word changed and a word added beside it are both kept',
      'the cat sat',
      'the dog sat',
      'the cat quickly sat',
      'the dog quickly sat',
    ],
    [
      'two paragraphs added at the end are in the order in which they were written',
      'a\n',
      'a\n\nfirst\n',
      'a\n\nsecond\n',
      'a\n\nfirst\n\nsecond\n',
    ],
    ['two lines added to a text without a last line break become two lines', 'a', 'a\nfirst', 'a\nsecond', 'a\nfirst\nsecond'],
    [
      'words typed at the end of a line by both are one after the other',
      'a line',
      'a line here',
      'a line there',
      'a line here there',
    ],
    ['words typed at the start of a line by both are one after the other', 'line', 'one line', 'two line', 'one two line'],
    ['two first lines of an empty note become two lines', '', 'first', 'second', 'first\nsecond'],
    ['what both wrote on an empty line becomes two lines', 'a\n\nb', 'a\nfirst\nb', 'a\nsecond\nb', 'a\nfirst\nsecond\nb'],
    ['words brought together by the merge are not glued', '()', '(first)', '(second)', '(first second)'],
    [
      'a sentence removed here and another changed there are both done',
      'One is. Two is. Three is.',
      'One is. Three is.',
      'One is. Two is. Three was.',
      'One is. Three was.',
    ],
    ['a paragraph moved by nobody stays between two that were added', 'm', 'x\n\nm', 'm\n\ny', 'x\n\nm\n\ny'],
    ['an addition that both hold is once', 'a', 'a\nshared\nfirst', 'a\nshared\nsecond', 'a\nshared\nfirst\nsecond'],
    ['Windows line ends stay where they were', 'one\r\ntwo\r\n', 'ONE\r\ntwo\r\n', 'one\r\nTWO\r\n', 'ONE\r\nTWO\r\n'],
    [
      'signs of a script without spaces merge one by one',
      '今日は天気がいい',
      '明日は天気がいい',
      '今日は天気が悪い',
      '明日は天気が悪い',
    ],
    ['emoji of several code points stay whole', 'ok 👍 fine', 'ok 👍🏽 fine', 'ok 👍 very fine', 'ok 👍🏽 very fine'],
  ];
  test.each(cases)('%s', (_name, base, laptop, phone, merged) => {
    const { body, outcomes, conflicts } = mergeTexts(base, laptop, phone);
    expect(body.fields.text).toBe(merged);
    expect(outcomes).toEqual([{ field: 'text', type: 'both' }]);
    expect(conflicts).toEqual([]);
  });

  test('a word that both changed is the newer one, and the older is reported', () => {
    const { body, outcomes } = mergeTexts('the cat sat on the mat', 'the dog sat on the mat', 'the cow sat on the mat');
    expect(body.fields.text).toBe('the cow sat on the mat');
    expect(outcomes).toMatchObject([
      { type: 'newer', kept: expect.stringContaining('cow'), lost: expect.stringContaining('dog') },
    ]);
  });

  test('a change that both hold already is once, over a base that is older than what they share', () => {
    const first = mergeTexts('one\ntwo', 'one\nfirst\n\ntwo', 'one more\ntwo').body.fields.text;
    expect(first).toBe('one more\nfirst\n\ntwo');
    const again = mergeTexts('one\ntwo', 'one\nfirst\n\ntwo', 'one more\nfirst\n\ntwo again');
    expect(again.body.fields.text).toBe('one more\nfirst\n\ntwo again');
  });

  test('a word that both hold beside another change is once', () => {
    const { body } = mergeTexts('one\ntwo\nthree', 'ONE one\ntwo more\nthree', 'ONE one and more\nthree\ntwo');
    expect(body.fields.text).toBe('ONE one and more\nthree\ntwo');
  });

  test('a word that both hold before another change is once', () => {
    expect(mergeTexts('one two', 'one new two', 'one very new zwei').body.fields.text).toBe('one very new zwei');
  });

  test('sentences that end alike stay two', () => {
    expect(mergeTexts('Start.', 'Start. The leaf is small.', 'Start. The root is small.').body.fields.text).toBe(
      'Start. The leaf is small. The root is small.',
    );
  });

  test('lines that touch do not run into one', () => {
    expect(mergeTexts('one two', 'one zwei\nunder it', 'one two and\nunder that').body.fields.text).toBe(
      'one zwei\nunder it\n and\nunder that',
    );
  });

  test('a line that both hold and one moved is not lost', () => {
    const lines = ['one', 'two', 'three', 'four', 'five', 'six'];
    const laptop = ['one', 'two', 'new three', 'four', 'five', 'six'];
    const phone = ['two', 'one', 'new three', 'four', 'newer five', 'six'];
    expect(mergeTexts(lines.join('\n'), laptop.join('\n'), phone.join('\n')).body.fields.text).toBe(phone.join('\n'));
  });

  test('a text that holds all that the other one wrote at the same place is taken as it is', () => {
    expect(mergeTexts('', 'two', 'one\ntwo\nthree').body.fields.text).toBe('one\ntwo\nthree');
    expect(mergeTexts('', 'one\ntwo\nthree', 'one\nthree').body.fields.text).toBe('one\ntwo\nthree');
  });

  test('a line rewritten by one device is not mixed with another edit of it', () => {
    const { body, outcomes } = mergeTexts(
      'one two three four five six seven eight nine ten',
      'zero two 2 four 4 six 6 eight 8 ten',
      'one two three four five six seven eight nine ten eleven',
    );
    expect(body.fields.text).toBe('one two three four five six seven eight nine ten eleven');
    expect(outcomes).toMatchObject([{ lost: 'zero two 2 four 4 six 6 eight 8 ten' }]);
  });

  test('each place that overlaps is reported for itself', () => {
    const middle = '\nin between is much that nobody touched\n';
    const { body, outcomes } = mergeTexts(`one${middle}two`, `ein${middle}zwei`, `un${middle}deux`);
    expect(body.fields.text).toBe(`un${middle}deux`);
    expect(outcomes).toMatchObject([
      { kept: 'un', lost: 'ein', winner: 'theirs' },
      { kept: 'deux', lost: 'zwei', winner: 'theirs' },
    ]);
  });

  test('an edit within a paragraph that the other side deleted is kept if it is newer', () => {
    const { body, outcomes } = mergeTexts('keep\n\nthis is gone', 'keep\n', 'keep\n\nthis is not gone');
    expect(body.fields.text).toContain('this is not gone');
    expect(outcomes).toMatchObject([{ type: 'newer', winner: 'theirs' }]);
  });

  test('an edit within a paragraph that the other side deleted later is reported', () => {
    const { body, outcomes } = mergeTexts('keep\n\nthis is gone', 'keep\n\nthis is NOT gone', 'keep\n');
    expect(body.fields.text).toBe('keep\n');
    expect(outcomes).toMatchObject([{ type: 'newer', lost: expect.stringContaining('this is NOT gone') }]);
  });

  test('an edit that is newer than the deletion of its paragraph brings the whole paragraph back', () => {
    const { body, outcomes } = mergeTexts('keep\n\nthis is gone', 'keep\n', 'keep\n\nnow this is gone');
    expect(body.fields.text).toBe('keep\n\nnow this is gone');
    expect(outcomes).toMatchObject([{ type: 'newer', winner: 'theirs' }]);
  });

  test('blanks that only the merge brought together become one', () => {
    expect(mergeTexts('one two', 'one two a b c', 'one a b c').body.fields.text).toBe('one a b c');
  });

  test('a word that was typed further is one word, and its earlier state is reported', () => {
    const { body, outcomes } = mergeTexts('The cell is', 'The cell is sm', 'The cell is small');
    expect(body.fields.text).toBe('The cell is small');
    expect(outcomes).toMatchObject([{ lost: expect.stringContaining('sm') }]);
  });

  test('two rewritten sentences are not mixed', () => {
    const { body, outcomes } = mergeTexts(
      'The mitochondria are the powerhouse of the cell.',
      'A leaf is green because of the pigment in it.',
      'Plants and the light of the sun make the sugar.',
    );
    expect(body.fields.text).toBe('Plants and the light of the sun make the sugar.');
    expect(outcomes).toMatchObject([{ lost: 'A leaf is green because of the pigment in it.' }]);
  });

  test('merged with the stamp of the later side', () => {
    expect(mergeTexts('a\n\nb', 'A\n\nb', 'a\n\nB').body.stamps.text).toContain('bbbbbbbb');
  });

  test('without a base go on from one another, or the newer wins', () => {
    const withoutBase = (laptop: string, phone: string) =>
      merge({ base: null, laptop: { fields: { text: laptop }, at: 1 }, phone: { fields: { text: phone }, at: 2 } });
    expect(withoutBase('one two', 'one')).toMatchObject({ body: { fields: { text: 'one two' } }, outcomes: [{ type: 'both' }] });
    expect(withoutBase('a\nx\nb', 'a\nb').body.fields.text).toBe('a\nx\nb');
    expect(withoutBase('one', 'two')).toMatchObject({
      body: { fields: { text: 'two' } },
      outcomes: [{ kept: 'two', lost: 'one' }],
    });
  });
});

describe('the policy "ask"', () => {
  test('leaves a field that overlaps as mine, whole, and merges the rest', () => {
    const { body, outcomes, conflicts } = merge({
      base: { text: 'one\n\ntwo', title: 'a', tags: [] },
      laptop: { fields: { text: 'ein\n\ntwo', tags: ['l'] }, at: 1 },
      phone: { fields: { text: 'un\n\nZWEI', title: 'b', tags: ['p'] }, at: 2 },
      policy: 'ask',
    });
    expect(body.fields).toEqual({ text: 'ein\n\ntwo', title: 'b', tags: ['l', 'p'] });
    expect(body.stamps.text).toContain('aaaaaaaa');
    expect(conflicts).toEqual([{ field: 'text', base: 'one\n\ntwo', mine: 'ein\n\ntwo', theirs: 'un\n\nZWEI' }]);
    expect(outcomes).toEqual([{ field: 'tags', type: 'both' }]);
  });

  test('asks nothing where the text can be merged', () => {
    expect(mergeTexts('a\n\nb', 'A\n\nb', 'a\n\nB', 'ask')).toMatchObject({
      body: { fields: { text: 'A\n\nB' } },
      conflicts: [],
    });
  });

  test('never asks about what the app keeps for itself: the newer value wins', () => {
    const { body, conflicts, outcomes } = merge({
      base: { lastUsed: 1 },
      laptop: { fields: { lastUsed: 2 }, at: 1 },
      phone: { fields: { lastUsed: 3 }, at: 2 },
      policy: 'ask',
    });
    expect(body.fields).toEqual({ lastUsed: 3 });
    expect(conflicts).toEqual([]);
    expect(outcomes).toMatchObject([{ field: 'lastUsed', lost: 2 }]);
  });

  test('never asks about the bin', () => {
    const { conflicts, outcomes } = merge({
      base: {},
      laptop: { fields: { [BINNED_AT]: NOON }, at: 1 },
      phone: { fields: { [BINNED_AT]: NOON + 5 }, at: 2 },
      policy: 'ask',
    });
    expect(conflicts).toEqual([]);
    expect(outcomes).toMatchObject([{ field: BINNED_AT, kept: NOON + 5 }]);
  });
});

describe('clocks that are wrong', () => {
  const day = 24 * 3600;
  const wrong = { acceptedAt: NOON, at: day };

  test('a stamp from tomorrow ranks as the time at which the server took it', () => {
    const { body, outcomes } = merge({
      base: { title: 'a' },
      laptop: { fields: { title: 'honest' }, at: 60 },
      phone: { fields: { title: 'tomorrow' }, ...wrong },
    });
    expect(body.fields).toEqual({ title: 'honest' });
    expect(outcomes).toMatchObject([{ winner: 'mine', lost: 'tomorrow' }]);
  });

  test('a text that overlaps is asked about, if one of the clocks is not to be trusted', () => {
    const edits = { base: { text: 'one' }, laptop: { fields: { text: 'ein' }, at: 60 } };
    expect(merge({ ...edits, phone: { fields: { text: 'un' }, ...wrong } })).toMatchObject({
      body: { fields: { text: 'ein' } },
      conflicts: [{ field: 'text', mine: 'ein', theirs: 'un' }],
    });
    const within = { acceptedAt: NOON, at: MAX_DRIFT_MS / 1000 };
    expect(merge({ ...edits, phone: { fields: { text: 'un' }, ...within } }).conflicts).toEqual([]);
  });

  test('a text that can be merged is merged even then', () => {
    const { body, conflicts } = merge({
      base: { text: 'one\n\ntwo' },
      laptop: { fields: { text: 'ONE\n\ntwo' }, at: 60 },
      phone: { fields: { text: 'one\n\nTWO' }, ...wrong },
    });
    expect([body.fields.text, conflicts]).toEqual(['ONE\n\nTWO', []]);
  });
});

describe('the bin', () => {
  const base = { title: 'a', [BINNED_AT]: null };

  test.each([
    ['earlier', 1, 9],
    ['later', 9, 1],
  ])('gives back what another device edited, if the edit was %s', (_name, edited, binned) => {
    const { body, outcomes } = merge({
      base,
      laptop: { fields: { [BINNED_AT]: NOON }, at: binned },
      phone: { fields: { title: 'b' }, at: edited },
    });
    expect(body.fields).toEqual({ title: 'b', [BINNED_AT]: null });
    expect(body.stamps[BINNED_AT]).toContain('aaaaaaaa');
    expect(outcomes).toEqual([{ field: BINNED_AT, type: 'newer', kept: null, lost: NOON, winner: 'theirs' }]);
  });

  test('keeps what nobody edited, and what both threw away', () => {
    const binned = { fields: { [BINNED_AT]: NOON }, at: 1 };
    expect(merge({ base, laptop: binned, phone: { fields: {}, at: 2 } }).body.fields[BINNED_AT]).toBe(NOON);
    const both = merge({ base, laptop: binned, phone: { fields: { title: 'b', [BINNED_AT]: NOON + 1 }, at: 2 } });
    expect(both.body.fields).toEqual({ title: 'b', [BINNED_AT]: NOON + 1 });
  });

  test.each([
    ['a field that was taken out while it held its initial value', { fields: {}, without: ['items'] }],
    ['a field that was written with its initial value', { fields: { options: {} } }],
    ['tags in another order', { fields: { tags: ['y', 'x'] } }],
  ])('keeps what an edit only seems to have changed: %s', (_name, edit) => {
    const { body } = merge({
      base: { ...base, items: {}, tags: ['x', 'y'] },
      laptop: { fields: { [BINNED_AT]: NOON }, at: 1 },
      phone: { ...edit, at: 2 },
    });
    expect(body.fields[BINNED_AT]).toBe(NOON);
  });

  test('lets go what one device restored and the other did not touch', () => {
    const { body } = merge({
      base: { title: 'a', [BINNED_AT]: NOON },
      laptop: { fields: { [BINNED_AT]: null }, at: 1 },
      phone: { fields: { title: 'b' }, at: 2 },
    });
    expect(body.fields).toEqual({ title: 'b', [BINNED_AT]: null });
  });

  test('gives back the star and the tag of an unknown kind, too', () => {
    const { body } = merge({
      base: { anything: 1 },
      laptop: { fields: { [BINNED_AT]: NOON }, at: 9 },
      phone: { fields: { anything: 2 }, at: 1 },
      declaration: undefined,
    });
    expect(body.fields).toEqual({ anything: 2, [BINNED_AT]: null });
  });
});
