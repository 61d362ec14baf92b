/** What a declaration says of its kind, and how the fields of an entity are read by it. */
import { describe, expect, expectTypeOf, test } from 'vitest';
import { BINNED_AT, defineEntity, type Fields, type FieldsOf, readFields } from '#core/entity.ts';
import { json, list, oneOf, set, string, time } from '#core/fields.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { documentFileName, documentMarkdown } from '#entities/document-file.ts';
import { type FieldsOfKind, ledger } from '#entities/index.ts';
import type { note } from '#entities/note.ts';
import { frameIconNames, spriteIconNames } from '#ui/parts/icon.ts';

const card = defineEntity({
  kind: 'flashcard',
  version: 1,
  scope: 'synced',
  nouns: { one: 'flashcard', many: 'flashcards' },
  document: { titleField: 'front', hasHistory: false, icon: 'file-text' },
  fields: {
    front: string(''),
    level: oneOf(['new', 'known'], 'new'),
    tags: set([]),
    items: list({}),
    extra: json(null),
    dueAt: time(null),
    [BINNED_AT]: time(null),
  },
  migrations: {},
  sample: () => ({ front: 'Where?', level: 'known', tags: [], items: {}, extra: null, dueAt: null, [BINNED_AT]: null }),
});

describe('the fields of an entity', () => {
  test('have the types of their declarations', () => {
    expectTypeOf<FieldsOf<typeof card>>().toEqualTypeOf<{
      readonly front: string;
      readonly level: 'new' | 'known';
      readonly tags: readonly string[];
      readonly items: JsonObject;
      readonly extra: Json;
      readonly dueAt: number | null;
      readonly binnedAt: number | null;
    }>();
    expectTypeOf<FieldsOfKind<'note'>>().toEqualTypeOf<FieldsOf<typeof note>>();
    expectTypeOf<FieldsOfKind<string>>().toEqualTypeOf<Fields>();
    // @ts-expect-error A field that is not declared.
    readFields(card, {}).back;
    // @ts-expect-error A value that the field does not take.
    const wrong: Partial<FieldsOf<typeof card>> = { level: 'old' };
    expect(wrong).toEqual({ level: 'old' });
  });

  test.each<[string, Fields]>([
    ['absent', {}],
    ['malformed', { front: 7, level: 'forgotten', tags: { a: 1 }, items: [], dueAt: 'soon', binnedAt: false }],
  ])('that are %s read as their initial values', (_, stored) => {
    const before = structuredClone(stored);
    expect(readFields(card, stored)).toEqual({
      front: '',
      level: 'new',
      tags: [],
      items: {},
      extra: null,
      dueAt: null,
      binnedAt: null,
    });
    expect(stored, 'what is stored stays as it is').toEqual(before);
  });

  test.each<[string, Fields['tags'], readonly string[]]>([
    ['a number', ['exam', 1, 'plants'], ['exam', 'plants']],
    ['null', [null, 'exam'], ['exam']],
    ['a list', ['exam', ['plants']], ['exam']],
    ['nothing that fits', [1, { exam: true }], []],
  ])('show the tags that fit beside %s, and the stored list stays as it is', (_, tags, shown) => {
    const stored = { ...card.sample(), tags };
    const before = structuredClone(stored);
    expect(readFields(card, stored).tags).toEqual(shown);
    expect(stored).toEqual(before);
  });

  test('are given as they are where they fit, with those that this version does not know', () => {
    const stored = { ...card.sample(), mood: 'calm' };
    expect(readFields(card, stored)).toBe(stored);
    expect(readFields(card, { ...stored, front: null })).toMatchObject({ front: '', mood: 'calm' });
  });

  test('named like a member of every object are read like any other', () => {
    expect(readFields(card, JSON.parse('{ "__proto__": { "front": "x" }, "constructor": 1 }')).front).toBe('');
  });

  test('of a declaration must be there, and of the right type, where it names them', () => {
    const define = () =>
      defineEntity({
        ...card,
        title: () => '',
        markdown: () => '',
        parent: {
          // @ts-expect-error The id of a parent is a text.
          field: 'tags',
          kind: 'deck',
        },
        document: {
          // @ts-expect-error No such field.
          titleField: 'heading',
          // @ts-expect-error A star is a flag.
          starField: 'front',
          hasHistory: false,
          icon: 'star',
        },
        sample: card.sample as () => FieldsOf<typeof card>,
      });
    expect(define).toBeTypeOf('function');
  });
});

describe('a document without words of its own', () => {
  test('is called by its title field, else untitled, by its noun', () => {
    expect([card.title({ front: 'Where?' }), card.title({}), card.title({ front: 7 })]).toEqual([
      'Where?',
      'Untitled flashcard',
      'Untitled flashcard',
    ]);
  });

  test('is exported under its title', () => {
    expect(documentMarkdown(card, { front: 'Where?' })).toBe('# Where?\n');
    expect([documentFileName(card, { front: 'A/B.' }), documentFileName(card, { front: '???' })]).toEqual([
      'A B.md',
      'Flashcard.md',
    ]);
  });
});

describe.each([...ledger.values()])('$kind', ({ nouns, document, fields, sample, title, parent, kind }) => {
  test('is called by words of its own', () => {
    expect(Object.values(nouns).every((words) => words !== '' && words === words.trim())).toBe(true);
    expect(title(sample())).not.toBe('');
    expect(title({})).toBeTypeOf('string');
  });

  test('has a sample whose every value fits its field', () => {
    const filled = sample();
    expect(Object.keys(filled).sort()).toEqual(Object.keys(fields).sort());
    for (const [field, value] of Object.entries(filled)) expect(fields[field]?.check(value), field).toBe(true);
    for (const [field, { check, initial }] of Object.entries(fields)) expect(check(initial), field).toBe(true);
  });

  test('has a bin, a title field and an icon of the sprite where it is a document', () => {
    expect(BINNED_AT in fields).toBe(document !== undefined);
    if (document === undefined) return;
    expect(parent, kind).toBeUndefined();
    expect([...frameIconNames, ...spriteIconNames]).toContain(document.icon);
    expect(fields[document.titleField]?.searchable).toBe(true);
  });
});
