/** What is found, in which order, and what is shown of it. */
import { describe, expect, test } from 'vitest';
import type { Fields } from '#core/entity.ts';
import { ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { find, type ReadEntities } from '#features/search/find.ts';
import type { SearchedEntity } from '#features/search/search-document.ts';
import { createSearchIndex, type SearchIndex } from '#features/search/search-index.ts';
import { bestPlace, cut, type MarkedText, mark } from '#features/search/snippet.ts';
import { termsOf } from '#features/search/words.ts';

let time = 1_790_000_000_000;

const entity = (kind: string, id: string, fields: Fields, place: SearchedEntity['place'] = 'live'): SearchedEntity => ({
  kind,
  id,
  fields,
  place,
  updatedAt: time++,
});

function indexOf(...entities: readonly SearchedEntity[]): SearchIndex {
  const index = createSearchIndex(ledger);
  for (const one of entities) index.put(one);
  return index;
}

const idsOf = (index: SearchIndex, query: string, kinds?: readonly string[]): readonly string[] =>
  index.find(query, kinds).families.map(({ id }) => id);

const marked = (pieces: MarkedText): string =>
  pieces.map(({ text, marked: isMarked }) => (isMarked ? `[${text}]` : text)).join('');

describe('words', () => {
  test.each([
    ['Crème BRÛLÉE, naïve', ['creme', 'brulee', 'naive']],
    ["It's 3-fold: a_b v2.0", ['it', 's', '3', 'fold', 'a_b', 'v2', '0']],
    ['ｆｕｌｌ ﬁne Straße', ['full', 'fine', 'straße']],
    ['光合作用', ['光合', '合作', '作用', '用']],
    ['![x](data:image/png;base64,iVBORw0KGgo=) end', ['x', 'end']],
    ['🌱 — …', []],
  ])('%s', (text, terms) => {
    expect(termsOf(text)).toEqual(terms);
  });
});

describe('the index', () => {
  const notes = [
    entity('note', 'light', { title: 'Photosynthesis', text: 'Water in, oxygen out.', tags: ['biology'], notebook: 'Plants' }),
    entity('note', 'dark', { title: 'Calvin cycle', text: 'After photosynthesis comes sugar.', tags: [], notebook: '' }),
    entity('note', 'other', { title: 'Shopping', text: 'Water, bread', tags: ['home'], notebook: '' }),
  ];

  test.each([
    ['a whole word, the title first', 'photosynthesis', ['light', 'dark']],
    ['the beginning of a word', 'photosyn', ['light', 'dark']],
    ['a typing error', 'photosinthesis', ['light', 'dark']],
    ['no more than two', 'fotosynthesys', []],
    ['one in a short word', 'wafer', ['light', 'other']],
    ['case and accents', 'WÀTER', ['light', 'other']],
    ['a tag', 'biology', ['light']],
    ['a notebook', 'plants', ['light']],
    ['every word must stand in it', 'water oxygen', ['light']],
    ['words of different fields', 'calvin sugar', ['dark']],
    ['two letters begin a word of a title, not of a text', 'ca', ['dark']],
    ['nothing', '  ', []],
    ['no word', '!?', []],
  ])('finds %s', (_, query, ids) => {
    expect([...idsOf(indexOf(...notes), query)].sort()).toEqual([...ids].sort());
  });

  test('the title weighs more than the text, and the newest wins a tie', () => {
    expect(idsOf(indexOf(...notes), 'photosynthesis')).toEqual(['light', 'dark']);
    const [older, newer] = ['older', 'newer'].map((id) => entity('note', id, { title: 'Same', text: 'same words', tags: [] }));
    expect(idsOf(indexOf(newer as SearchedEntity, older as SearchedEntity), 'words')).toEqual(['newer', 'older']);
  });

  test('a chat is found by the words of all of its messages together, and is one hit', () => {
    const index = indexOf(
      entity('chat', 'c', { title: 'Biology', tags: [] }),
      entity('message', 'm1', { chatId: 'c', text: 'What is a chloroplast?' }),
      entity('message', 'm2', { chatId: 'c', text: 'An organelle. The chloroplast holds chlorophyll.' }),
      entity('message', 'm3', { chatId: 'elsewhere', text: 'chloroplast of a chat that is not here' }),
    );
    expect(idsOf(index, 'chloroplast')).toEqual(['c']);
    expect(idsOf(index, 'biology organelle')).toEqual(['c']);
    expect(idsOf(index, 'biology bread')).toEqual([]);
    expect(index.find('organelle').families).toMatchObject([{ kind: 'chat', best: { kind: 'message', id: 'm2' } }]);
    expect(idsOf(index, 'chloroplast', ['note'])).toEqual([]);
  });

  test('what is edited, binned, restored or purged is found as it is now', () => {
    const index = indexOf(...notes, entity('chat', 'c', { title: 'T', tags: [] }));
    index.put(entity('message', 'm', { chatId: 'c', text: 'stomata' }));
    index.put(entity('note', 'light', { title: 'Respiration', text: 'now about mitochondria', tags: [] }));
    expect(idsOf(index, 'oxygen')).toEqual([]);
    expect(idsOf(index, 'mitochondria')).toEqual(['light']);
    index.put(entity('note', 'light', { title: 'Respiration', text: 'mitochondria', binnedAt: 1 }, 'binned'));
    expect(idsOf(index, 'mitochondria')).toEqual([]);
    index.put(entity('note', 'light', { title: 'Respiration', text: 'mitochondria' }));
    expect(idsOf(index, 'mitochondria')).toEqual(['light']);
    index.put(entity('note', 'light', {}, 'purged'));
    expect(idsOf(index, 'mitochondria')).toEqual([]);
    // A binned chat takes its messages along, without a change to any of them.
    index.put(entity('chat', 'c', { title: 'T', binnedAt: 1 }, 'binned'));
    expect(idsOf(index, 'stomata')).toEqual([]);
    index.put(entity('chat', 'c', { title: 'T' }));
    expect(idsOf(index, 'stomata')).toEqual(['c']);
  });

  test('no word of a private, device-scoped or secret field enters', () => {
    const index = createSearchIndex(ledger);
    for (const { kind, sample, parent } of ledger.values())
      index.put(entity(kind, `sample-${kind}`, { ...sample(), ...(parent && { [parent.field]: `sample-${parent.kind}` }) }));
    const words = JSON.stringify(JSON.parse(index.serialize()).index);
    expect(words).toContain('photosynthesis');
    for (const { kind, scope, fields, sample } of ledger.values()) {
      for (const [field, value] of Object.entries(sample())) {
        const isSearched = scope === 'synced' && fields[field]?.searchable && !fields[field]?.secret;
        if (isSearched || typeof value !== 'string' || !/^[a-z]{9,}$/i.test(value)) continue;
        expect(words, `${kind}.${field}`).not.toContain(`"${value.toLowerCase()}"`);
      }
      if (scope !== 'synced') expect(idsOf(index, String(Object.values(sample())[0] ?? kind))).not.toContain(`sample-${kind}`);
    }
  });

  test('comes back from its string as it was, and throws at another one', () => {
    const index = indexOf(...notes);
    index.put(entity('note', 'other', { title: 'Shopping', text: 'Rice' }));
    const again = createSearchIndex(ledger, index.serialize());
    expect(idsOf(again, 'rice')).toEqual(['other']);
    expect(idsOf(again, 'water')).toEqual(['light']);
    again.put(entity('note', 'light', {}, 'purged'));
    expect(idsOf(again, 'water')).toEqual([]);
    expect(() => createSearchIndex(ledger, index.serialize().slice(0, -20))).toThrow();
    expect(() => createSearchIndex(ledger, '{}')).toThrow();
  });

  test('a word in nearly every text is answered from the newest and from all titles, and says so', () => {
    const index = createSearchIndex(ledger);
    for (let i = 0; i < 6000; i++)
      index.put(entity('note', `n${i}`, { title: i === 7 ? 'The whole' : `Note`, text: `the text ${i}` }));
    const found = index.find('the');
    expect(found.complete).toBe(false);
    expect(found.families[0]?.id).toBe('n7');
    expect(found.families[1]?.id).toBe('n5999');
    expect(found.families.length).toBeLessThan(6000);
    expect(index.find('the 7')).toMatchObject({ complete: true, families: [{ id: 'n7' }] });
  });
});

describe('a hit', () => {
  const text = `# Leaves\n\n${'Nothing of note here. '.repeat(40)}\n\nThe **stomata** let water vapour out, and the stomata close at night.\n\n${'More. '.repeat(100)}`;

  test('shows the place where most of it stands, in one line, with its words marked', async () => {
    const entities = [
      entity('chat', 'c', { title: 'Why stomata?', tags: ['leaf'] }),
      entity('message', 'm', { chatId: 'c', text }),
      entity('note', 'n', { title: 'Stomata', text: 'Nothing to see.', tags: [] }),
    ];
    const read: ReadEntities = async (keys) =>
      ok(keys.map(([kind, id]) => entities.find((one) => one.kind === kind && one.id === id) ?? null));
    const answer = await find(indexOf(...entities), ledger, read, { text: 'stomata water', limit: 5 });
    if (!answer.ok) throw new Error(answer.error.type);
    const [chats] = answer.value.groups;
    expect(answer.value.groups.map(({ kind, total }) => [kind, total])).toEqual([['chat', 1]]);
    const [hit] = chats?.hits ?? [];
    expect(marked(hit?.title ?? [])).toBe('Why [stomata]?');
    expect(marked(hit?.snippet ?? [])).toMatch(
      /^….*The \[stomata\] let \[water\] vapour out, and the \[stomata\] close at night\./,
    );
    expect(hit?.at).toEqual({ kind: 'message', id: 'm', offset: text.indexOf('stomata') });
  });

  test('that has left since it was indexed is not shown, and a failed read is no empty answer', async () => {
    const one = entity('note', 'n', { title: 'Stomata', text: '', tags: [] });
    const index = indexOf(one);
    const gone = await find(index, ledger, async () => ok([{ ...one, place: 'binned' as const }]), { text: 'stomata', limit: 5 });
    expect(gone).toEqual(ok({ groups: [], complete: true }));
    const error = { type: 'StorageFailed', reason: 'x' } as const;
    const failed = await find(index, ledger, async () => ({ ok: false, error }), { text: 'stomata', limit: 5 });
    expect(failed).toEqual({ ok: false, error });
  });

  test('marks keep every character', () => {
    const terms = new Set(['光合', '合作', 'naive']);
    expect(marked(mark('Naïve 光合作用!', terms))).toBe('[Naïve] [光合作]用!');
    expect(bestPlace('nothing', terms)).toBe(-1);
    expect(cut('short', -1)).toBe('short');
  });
});
