/** The pure parts of the status service: comparing with the server, deciding conflicts, undoing merges. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EntityView } from '#app/app.ts';
import { compareVersions, type HereVersion, type ThereVersion } from '#app/status/comparison.ts';
import { parseConflict, sideOfDevice } from '#app/status/conflict.ts';
import { findFileUses } from '#app/status/file-uses.ts';
import { parseMergeEntry, shownOutcomes, undoOutcome } from '#app/status/merge-entry.ts';
import { describeBug } from '#app/status/report-events.ts';
import { textTogether } from '#app/status/text-together.ts';
import type { Fields } from '#core/entity.ts';
import { ok } from '#core/result.ts';
import { conflict } from '#entities/conflict.ts';
import type { FieldsOfKind } from '#entities/index.ts';
import { mergeLog } from '#entities/merge-log.ts';

/** A sorted stream in pages of `size`. */
function inPages<V>(rows: readonly V[], size: number) {
  let at = 0;
  return async () => {
    if (at >= rows.length && at > 0) return ok(null);
    const page = rows.slice(at, at + size);
    at += Math.max(size, 1);
    return ok(page.length === 0 ? null : page);
  };
}

const here = (kind: string, id: string, change: Partial<HereVersion> = {}): HereVersion => {
  return { kind, id, version: 'v1', deleted: false, pending: false, ...change };
};
const there = (kind: string, id: string, change: Partial<ThereVersion> = {}): ThereVersion => {
  return { kind, id, version: 'v1', deleted: false, seq: 1, ...change };
};

async function compare(left: readonly HereVersion[], right: readonly ThereVersion[], cursor = 10, size = 2) {
  const looked: number[] = [];
  const result = await compareVersions<never>(inPages(left, size), inPages(right, size), cursor, (count) => looked.push(count));
  return { rows: result.ok ? result.value : [], looked };
}

describe('a comparison with the server', () => {
  test('equal sides differ in nothing; progress ends with everything looked at', async () => {
    const { rows, looked } = await compare(
      [here('chat', 'a'), here('note', 'a'), here('note', 'b'), here('note', 'c', { deleted: true })],
      [there('chat', 'a'), there('note', 'a'), there('note', 'b'), there('note', 'c', { deleted: true })],
    );
    expect(rows).toEqual([
      { kind: 'chat', here: 1, there: 1, waiting: 0, coming: 0, differing: 0, examples: [] },
      { kind: 'note', here: 2, there: 2, waiting: 0, coming: 0, differing: 0, examples: [] },
    ]);
    expect(looked.at(-1)).toBe(4);
  });

  test('the same version with another content differs; what waits here and a server that says no hash do not', async () => {
    const { rows } = await compare(
      [here('note', 'a', { hash: 'x' }), here('note', 'b', { hash: 'y' }), here('note', 'c', { hash: null, pending: true })],
      [there('note', 'a', { hash: 'x' }), there('note', 'b', { hash: 'z' }), there('note', 'c', { hash: 'z' })],
    );
    expect(rows).toMatchObject([{ kind: 'note', waiting: 1, differing: 1, examples: ['b'] }]);
  });

  test('tells what waits here, what is to come, and what differs', async () => {
    const { rows } = await compare(
      [
        here('note', 'a', { pending: true, version: null }),
        here('note', 'b', { version: 'old' }),
        here('note', 'c', { version: 'old' }),
        here('note', 'd'),
        here('note', 'f', { deleted: true, version: null }),
      ],
      [there('note', 'b', { version: 'new', seq: 11 }), there('note', 'c', { version: 'new' }), there('note', 'e', { seq: 12 })],
    );
    expect(rows).toEqual([{ kind: 'note', here: 4, there: 3, waiting: 1, coming: 2, differing: 2, examples: ['c', 'd'] }]);
  });

  test('finds exactly what a comparison by table finds, whatever the pages', async () => {
    const side = fc.dictionary(
      fc.constantFrom(...['a', 'b', 'c', 'd', 'e', 'f'].flatMap((id) => [`chat/${id}`, `chat-desk/${id}`, `note/${id}`])),
      fc.constantFrom('v1', 'v2'),
    );
    await fc.assert(
      fc.asyncProperty(side, side, fc.integer({ min: 1, max: 5 }), async (left, right, size) => {
        const rows = <V>(entries: object, make: (kind: string, id: string, change: { version: string }) => V): V[] =>
          Object.entries(entries)
            .map(([key, version]) => ({ key: key.split('/') as [string, string], version: version as string }))
            .sort((a, b) => (a.key[0] === b.key[0] ? (a.key[1] < b.key[1] ? -1 : 1) : a.key[0] < b.key[0] ? -1 : 1))
            .map(({ key, version }) => make(key[0], key[1], { version }));
        const compared = await compare(rows(left, here), rows(right, there), 10, size);
        const differing = new Set([...Object.keys(left), ...Object.keys(right)].filter((key) => left[key] !== right[key]));
        const found = compared.rows.flatMap(({ kind, examples }) => examples.map((id) => `${kind}/${id}`));
        expect(found.sort()).toEqual([...differing].sort());
      }),
    );
  });

  test('stops with the error of either side', async () => {
    const failing = async () => ({ ok: false, error: { type: 'Cancelled' } }) as const;
    const result = await compareVersions(inPages([here('note', 'a')], 1), failing, 0, () => {});
    expect(result).toEqual({ ok: false, error: { type: 'Cancelled' } });
  });
});

const view = <K extends string>(kind: K, fields: FieldsOfKind<K>): EntityView<K> => {
  return { kind, id: 'id', fields, updatedAt: 0, localSeq: 1, lifecycle: 'live', readOnly: false, pending: false };
};

describe('a conflict', () => {
  const parsed = parseConflict(view('conflict', conflict.sample()));

  test('is read from its entity', () => {
    expect(parsed).toMatchObject({
      entityKind: 'note',
      field: 'text',
      values: { mine: 'one two', theirs: 'one three' },
      isOpen: true,
    });
  });

  test('each device sees its own words as mine, a third one as they were written down', () => {
    expect(sideOfDevice(parsed, parsed.devices.mine)).toBe('mine');
    expect(sideOfDevice(parsed, parsed.devices.theirs)).toBe('theirs');
    expect(sideOfDevice(parsed, 'another')).toBe('mine');
  });

  test('texts that do not overlap are merged; those that do are one after the other', () => {
    expect(textTogether('one\ntwo\nthree\n', 'ONE\ntwo\nthree\n', 'one\ntwo\nTHREE\n')).toBe('ONE\ntwo\nTHREE\n');
    expect(textTogether('one', 'mine', 'theirs')).toBe('mine\ntheirs');
    expect(textTogether(null, 'same\nmine\n', 'same\ntheirs\n')).toBe('same\nmine\ntheirs\n');
  });

  test('together, no line of either side is missing', () => {
    const text = fc
      .array(fc.constantFrom('red', 'green', 'blue', 'round', 'square'), { maxLength: 6 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (mine, theirs) => {
        const together = textTogether(null, mine, theirs).split('\n');
        for (const side of [mine, theirs])
          for (const line of side.split('\n')) expect(together).toContain(line === '' ? together[0] : line);
      }),
    );
  });
});

describe('undoing a merge', () => {
  const newer = (kept: Fields[string], lost: Fields[string], field = 'text') =>
    ({ type: 'newer', field, kept, lost, winner: 'theirs' }) as const;
  const note = (fields: Fields) => view<string>('note', { title: '', text: '', binnedAt: null, ...fields });

  test('reads the entry, and leaves out what it does not know', () => {
    const fields = { ...mergeLog.sample(), outcomes: [{ field: 'title', type: 'both' }, { type: 'hologram' }, 7] };
    expect(parseMergeEntry(view('merge-log', fields)).outcomes).toEqual([{ field: 'title', type: 'both' }]);
  });

  test('shows what a person wrote, not what the app keeps for itself', () => {
    const outcomes = [newer(2, 1, 'lastMessageAt'), newer('Plan B', 'Plan A', 'title')];
    const entry = parseMergeEntry(view('merge-log', { ...mergeLog.sample(), entityKind: 'chat', outcomes }));
    expect(shownOutcomes(entry).map(({ field }) => field)).toEqual(['title']);
    const unknown = { ...entry, entityKind: 'of a newer app' };
    expect(shownOutcomes(unknown)).toHaveLength(2);
  });

  test.each([
    ['the place is replaced', 'a KEPT z', newer('KEPT', 'LOST'), 'text', { text: 'a LOST z' }],
    [
      'the text has moved on: the lost words go to its end',
      'new text\n',
      newer('KEPT', 'LOST'),
      'text',
      { text: 'new text\n\nLOST' },
    ],
    ['the winner had deleted it: the lost words go to the end', 'rest', newer('', 'LOST'), 'text', { text: 'rest\n\nLOST' }],
    ['an empty text becomes what was lost', '', newer('KEPT', 'LOST'), 'text', { text: 'LOST' }],
    ['the loser had deleted it: the place goes', 'a KEPT z', newer('KEPT', ''), 'text', { text: 'a  z' }],
  ] as const)('in a text: %s', (_, text, outcome, rule, patch) => {
    expect(undoOutcome(outcome, note({ text }), rule)).toEqual({ type: 'patch', patch });
  });

  test('twice is once', () => {
    expect(undoOutcome(newer('KEPT', 'LOST'), note({ text: 'a LOST z' }), 'text')).toEqual({ type: 'done' });
    expect(undoOutcome(newer('New', 'Old', 'title'), note({ title: 'Old' }), 'value')).toEqual({ type: 'done' });
  });

  test('a value comes back whole, members of a map beside the others', () => {
    expect(undoOutcome(newer('New', 'Old', 'title'), note({ title: 'Newest' }), 'value')).toEqual({
      type: 'patch',
      patch: { title: 'Old' },
    });
    const settings = view<string>('settings', { visionMode: { filter: 'b', other: 1 } });
    expect(undoOutcome(newer({ filter: 'b' }, { filter: 'a' }, 'visionMode'), settings, 'map')).toEqual({
      type: 'patch',
      patch: { visionMode: { filter: 'a', other: 1 } },
    });
  });

  test('what an edit took out of the bin goes back into it, never further', () => {
    expect(undoOutcome(newer(null, 77, 'binnedAt'), note({}), 'value')).toEqual({ type: 'patch', patch: { binnedAt: 77 } });
    const purged = undoOutcome(newer(null, 'purged', 'binnedAt'), note({}), 'value');
    expect(purged).toMatchObject({ type: 'patch', patch: { binnedAt: expect.any(Number) } });
    expect(undoOutcome(newer(null, 77, 'binnedAt'), note({ binnedAt: 5 }), 'value')).toEqual({ type: 'done' });
  });
});

test('a bug is logged by name and place: its message may quote what a person wrote', () => {
  expect(describeBug(new TypeError('my secret text'), 'https://x.example/assets/app.js', 12)).toBe('TypeError at app.js:12');
  expect(describeBug(new Error('my secret text'), '', 0)).not.toContain('secret');
  expect(describeBug('my secret text', '', 0)).toBe('string');
});

test('a refused file is called as its prompt or its note calls it, and found with its document', async () => {
  const [inPrompt, inNote, gone] = ['ab', 'cd', 'ef'].map((two) => two.repeat(32)) as [string, string, string];
  const attachments = [
    { name: 'leaf.pdf', reference: `files/${inPrompt}.pdf`, type: 'application/pdf', size: 9, picture: false },
  ];
  const views = [
    { kind: 'chat', id: 'c', fields: { title: 'Botany' } },
    { kind: 'message', id: 'm', fields: { chatId: 'c', text: 'Look', attachments } },
    { kind: 'note', id: 'n', fields: { text: `![Cell wall](files/${inNote}.png)` } },
  ] as unknown as readonly EntityView[];
  const users = [
    { hash: inPrompt, kind: 'message', id: 'm' },
    { hash: inNote, kind: 'note', id: 'n' },
    { hash: gone, kind: 'note', id: 'deleted since' },
  ];
  const asked: (readonly string[])[] = [];
  const get = async (kind: string, id: string) => ok(views.find((view) => view.kind === kind && view.id === id) ?? null);
  const blobUsers = async (_: readonly string[], kinds: readonly string[]) => {
    asked.push(kinds);
    return ok(users);
  };
  const found = await findFileUses({ get: get as never }, { blobUsers }, [inPrompt, inNote, gone]);
  expect(asked[0]).toEqual(expect.arrayContaining(['note', 'chat', 'message']));
  expect(asked[0]).not.toContain('conflict');
  const [chat, message, note] = views;
  expect(found).toEqual(
    ok([
      { hash: inPrompt, name: 'leaf.pdf', entity: message, document: chat },
      { hash: inNote, name: 'Cell wall', entity: note, document: note },
    ]),
  );
});
