/** What is found, in which order, and what is shown of it. */
import { describe, expect, test } from 'vitest';
import type { Fields } from '#core/entity.ts';
import { ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { find } from '#features/search/find.ts';
import { narrow } from '#features/search/narrow.ts';
import type { ReadEntities, SearchedEntity } from '#features/search/search-document.ts';
import { createSearchIndex, type SearchIndex } from '#features/search/search-index.ts';
import { bestPlace, cut, type MarkedText, mark } from '#features/search/snippet.ts';
import { termsOf } from '#features/search/words.ts';

let time = 1_790_000_000_000;

const entity = (kind: string, id: string, fields: Fields, place: SearchedEntity['lifecycle'] = 'live'): SearchedEntity => ({
  kind,
  id,
  fields,
  lifecycle: place,
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
    ["It's 3-fold: a_b v2.0", ['it', 's', '3', 'fold', 'a', 'b', 'v2', '0']],
    ['ｆｕｌｌ ﬁne Straße', ['full', 'fine', 'strasse']],
    ['Łódź, smørrebrød, œuvre, ÆON, đồng, ısı', ['lodz', 'smorrebrod', 'oeuvre', 'aeon', 'dong', 'isi']],
    ['光合作用', ['光合', '合作', '作用', '用']],
    ['用React写组件', ['用', 'react', '写组', '组件', '件']],
    ['铁路12306抢票', ['铁路', '路', '12306', '抢票', '票']],
    ['ภาษาPythonง่าย', ['ภา', 'าษ', 'ษา', 'า', 'python', 'ง่', '่า', 'าย', 'ย']],
    ['コーヒー', ['コー', 'ーヒ', 'ヒー', 'ー']],
    ['（中文）。次', ['中文', '文', '次']],
    ['the _mitosis_ phase of snake_case', ['the', 'mitosis', 'phase', 'of', 'snake', 'case']],
    [
      'C++ templates, C#, C++11, Na+, a+b, #3',
      ['c', 'c++', 'templates', 'c', 'c#', 'c', 'c++', '11', 'na', 'na+', 'a', 'b', '3'],
    ],
    ['pho\u00adto', ['photo']],
    ['**Photo**synthesis *e*~~x~~tra, 2*3', ['photo', 'synthesis', 'photosynthesis', 'e', 'x', 'tra', 'extra', '2', '3']],
    ['दिन दीन', ['दिन', 'दीन']],
    ['がく かく', ['がく', 'く', 'かく', 'く']],
    ['كِتَاب أحمد', ['كتاب', 'احمد']],
    ['שָׁלוֹם', ['שלום']],
    ['мой ёж', ['мой', 'еж']],
    ['ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
    ['€ → 🌱', ['€', '→', '🌱']],
    ['![x](data:image/png;base64,iVBORw0KGgo=) end', ['x', 'end']],
    ['— … ** ~~ | =', []],
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
    ['every word must be in it', 'water oxygen', ['light']],
    ['words of different fields', 'calvin sugar', ['dark']],
    ['two letters begin a word of a title, not of a text', 'ca', ['dark']],
    ['nothing', '  ', []],
    ['no word', '!?', []],
  ])('finds %s', (_, query, ids) => {
    expect([...idsOf(indexOf(...notes), query)].sort()).toEqual([...ids].sort());
  });

  const signs = [
    entity('note', 'cpp', { title: 'C++ templates', text: '', tags: [] }),
    entity('note', 'vitamin', { title: 'vitamin C daily', text: '', tags: [] }),
    entity('note', 'sharp', { title: 'C# generics', text: '', tags: [] }),
    entity('note', 'mixed', { title: 'Lernen', text: '用React写组件的教程，铁路12306抢票 und die Straße', tags: [] }),
    entity('note', 'hindi', { title: 'कामी', text: 'दिन', tags: [] }),
  ];

  test.each([
    ['signs behind a word', 'C++', ['cpp']],
    ['another sign', 'c#', ['sharp']],
    ['the word without its signs', 'C', ['cpp', 'sharp', 'vitamin']],
    ['a word whose sign no text has', 'vitamin+', ['vitamin']],
    ['a Latin word between Chinese ones', 'React', ['mixed']],
    ['a number between Chinese words', '12306', ['mixed']],
    ['letters that do not decompose', 'strasse', ['mixed']],
    ['the vowel signs of Hindi', 'दीन', []],
    ['no other word of the same consonants', 'कम', []],
  ])('finds %s: %s', (_, query, ids) => {
    expect([...idsOf(indexOf(...signs), query)].sort()).toEqual(ids);
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

describe('what two devices have written differently, and nobody has decided', () => {
  const stored = entity('note', 'n', { title: 'Cells', text: 'What the other device wrote.' });
  const fields = { entityKind: 'note', entityId: 'n', field: 'text', mine: 'What the other device wrote.' };
  const open = entity('conflict', 'c', { ...fields, theirs: 'My mitochondria make energy.', resolution: 'open' });
  const decided = { ...open, fields: { ...open.fields, resolution: 'theirs' } };

  test('is found by the words of both sides, as the document, at its place in the side', async () => {
    const all = new Map([stored, open].map((one) => [one.id, one]));
    const read = async (keys: readonly (readonly [string, string])[]) => ok(keys.map(([, id]) => all.get(id) ?? null));
    for (const text of ['mitochondria', 'other device', '"mitochondria make"']) {
      const found = await find(indexOf(stored, open), ledger, read, { text, limit: 5 });
      expect(found).toMatchObject({
        ok: true,
        value: { groups: [{ kind: 'note', total: 1, hits: [{ id: 'n', at: { kind: 'note', id: 'n' } }] }] },
      });
    }
    const found = await find(indexOf(stored, open), ledger, read, { text: 'mitochondria', limit: 5 });
    expect(found.ok && found.value.groups[0]?.hits[0]?.at.offset).toBe(3);
  });

  test('is no longer found by a side that was not taken, nor where its document has gone to the bin', () => {
    const index = indexOf(stored, open);
    index.put(decided);
    expect(idsOf(index, 'mitochondria')).toEqual([]);
    expect(idsOf(indexOf({ ...stored, lifecycle: 'binned' }, open), 'mitochondria')).toEqual([]);
  });
});

describe('a hit', () => {
  const text = `# Leaves\n\n${'Nothing of note here. '.repeat(40)}\n\nThe **stomata** let water vapour out, and the stomata close at night.\n\n${'More. '.repeat(100)}`;

  test('shows the place where most of it is, in one line, with its words marked', async () => {
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
    const gone = await find(index, ledger, async () => ok([{ ...one, lifecycle: 'binned' as const }]), {
      text: 'stomata',
      limit: 5,
    });
    expect(gone).toEqual(ok({ groups: [], complete: true }));
    const error = { type: 'StorageFailed', reason: 'x' } as const;
    const failed = await find(index, ledger, async () => ({ ok: false, error }), { text: 'stomata', limit: 5 });
    expect(failed).toEqual({ ok: false, error });
  });

  const phrased = [
    entity('note', 'near', { title: 'Leaves', text: 'The **light** _reaction_ of leaves.\n光合作用', tags: ['deep sea'] }),
    entity('note', 'far', { title: 'Reaction', text: 'A reaction to light. 作用与光合', tags: ['sea', 'deep'] }),
    entity('chat', 'talk', { title: 'Talk', tags: [] }),
    entity('message', 'said', { chatId: 'talk', text: 'Is the light reaction in C++?' }),
    entity('message', 'other', { chatId: 'talk', text: 'the dark' }),
  ];
  const readPhrased: ReadEntities = async (keys) =>
    ok(keys.map(([kind, id]) => phrased.find((one) => one.kind === kind && one.id === id) ?? null));

  test.each([
    ['"light reaction"', ['near', 'talk']],
    ['“Light Reaction”', ['near', 'talk']],
    ['"reaction light"', []],
    ['"light react"', []],
    ['"light reaction', ['far', 'near', 'talk']],
    ['light "of leaves"', ['near']],
    ['「光合作用」', ['near']],
    ['"合作"', ['near']],
    ['"deep sea"', ['near']],
    ['"in C"', ['talk']],
    ['"reaction" "the dark"', ['talk']],
    ['""', []],
  ])('a phrase in quotes: %s', async (text, ids) => {
    const index = indexOf(...phrased);
    const answer = await find(index, ledger, readPhrased, { text, limit: 5 });
    if (!answer.ok) throw new Error(answer.error.type);
    expect(answer.value.groups.flatMap(({ hits }) => hits.map(({ id }) => id)).sort()).toEqual(ids);
    const lists = await Promise.all(['note', 'chat'].map((kind) => narrow(index, ledger, readPhrased, { text, kind, limit: 5 })));
    expect(lists.flatMap((list) => (list.ok ? list.value : [])).sort()).toEqual(ids);
  });

  test('marks keep every character', () => {
    const terms = new Set(['光合', '合作', 'naive']);
    expect(marked(mark('Naïve 光合作用!', terms))).toBe('[Naïve] [光合作]用!');
    expect(bestPlace('nothing', terms)).toBe(-1);
    expect(cut('short', -1)).toBe('short');
  });
});
