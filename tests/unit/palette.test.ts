/** What the palette shows, what it remembers, and how it looks through many names. */
import { describe, expect, test } from 'vitest';
import type { EntityView } from '#app/app.ts';
import { err, ok } from '#core/result.ts';
import { note } from '#entities/note.ts';
import { parseChoices, rememberChoice } from '#ui/palette/command-memory.ts';
import { createNameSearch, type Named } from '#ui/palette/name-search.ts';
import { listSections, type Option } from '#ui/palette/palette-options.ts';
import { panel as notesPanel } from '#ui/panels/notes-panel.ts';
import type { Command } from '#ui/shell/command.ts';

const command = (id: string, label: string, words?: string): Command => ({
  id,
  label,
  group: 'View',
  icon: 'plus',
  ...(words !== undefined && { words }),
  run: () => {},
});
const named = (id: string, title: string, updatedAt = 1): Named => ({ panel: notesPanel, id, title, updatedAt });
const names = (options: readonly Option[]): readonly string[] =>
  options.map((option) => (option.type === 'command' ? option.command.label : option.named.title));

describe('the palette', () => {
  const commands = [
    command('new-note', 'New note', 'write'),
    command('theme', 'Theme: dark', 'colours'),
    command('other', 'Unsent note list'),
  ];
  const recent: readonly Option[] = [
    { type: 'document', named: named('b', 'Botany') },
    { type: 'command', command: commands[1] as Command },
  ];

  test('shows without a query what was used last, what is new, and every command', () => {
    const sections = listSections('', { commands, recent, hits: [named('b', 'Botany'), named('c', 'Chemistry')] });
    expect(sections.map(({ name, options }) => [name, ...names(options)])).toEqual([
      ['Recent', 'Botany', 'Theme: dark'],
      ['Newest', 'Chemistry'],
      ['Commands', 'New note', 'Theme: dark', 'Unsent note list'],
    ]);
  });

  test('shows the commands of the open document before the others, and first of those that fit as well', () => {
    const withDocument: readonly Command[] = [...commands, { ...command('bin', 'Bin this', 'colours'), group: 'Document' }];
    const offer = { commands: withDocument, recent, hits: [] };
    expect(listSections('', offer).map(({ name, options }) => [name, ...names(options)])).toEqual([
      ['Recent', 'Botany', 'Theme: dark'],
      ['This document', 'Bin this'],
      ['Commands', 'New note', 'Theme: dark', 'Unsent note list'],
    ]);
    expect(listSections('colours', offer).flatMap(({ options }) => names(options))).toEqual(['Bin this', 'Theme: dark']);
  });

  test('finds commands by the start of words first, then within, then by their other words', () => {
    const found = (query: string): readonly string[] =>
      listSections(query, { commands, recent: [], hits: [] }).flatMap(({ options }) => names(options));
    expect(found('n')).toEqual(['New note', 'Unsent note list']);
    expect(found('NOTE new')).toEqual(['New note']);
    expect(found('colours')).toEqual(['Theme: dark']);
    expect(found('nothing of the kind')).toEqual([]);
  });

  test('puts documents ahead of commands that only their other words lead to', () => {
    const order = (query: string) =>
      listSections(query, { commands, recent, hits: [named('w', 'Writing')] }).map(({ options }) => names(options)[0]);
    expect(order('writ')).toEqual(['Writing', 'New note']);
    expect(order('note')).toEqual(['New note', 'Writing']);
  });

  test('puts what was used before ahead of what fits as well, and only commands behind >', () => {
    const hits = [named('a', 'Bog plants'), named('b', 'Botany')];
    expect(names(listSections('bo', { commands, recent, hits })[0]?.options ?? [])).toEqual(['Botany', 'Bog plants']);
    expect(listSections('>n', { commands, recent, hits }).map(({ name }) => name)).toEqual(['Commands']);
  });
});

describe('its memory', () => {
  test('keeps each choice once, newest first, and not without end', () => {
    const first = rememberChoice([{ command: 'a' }, { panel: 'notes', id: '1' }], { panel: 'notes', id: '1' });
    expect(first).toEqual([{ panel: 'notes', id: '1' }, { command: 'a' }]);
    let many = first;
    for (let index = 0; index < 50; index++) many = rememberChoice(many, { command: `c${index}` });
    expect(many).toHaveLength(30);
    expect(many[0]).toEqual({ command: 'c49' });
  });

  test('reads what another version wrote without what is no choice', () => {
    expect(parseChoices([{ command: 'a' }, { panel: 'notes' }, null, 7, { panel: 'notes', id: 'x', at: 3 }])).toEqual([
      { command: 'a' },
      { panel: 'notes', id: 'x', at: 3 },
    ]);
    expect(parseChoices('none')).toEqual([]);
  });
});

describe('looking through names', () => {
  const view = (index: number): EntityView => ({
    kind: 'note',
    id: `id-${index}`,
    fields: { ...note.sample(), title: index % 1000 === 0 ? `Needle ${index}` : `Hay ${index}` },
    updatedAt: 100_000 - index,
    localSeq: 1,
    lifecycle: 'live',
    readOnly: false,
    pending: false,
  });
  /** Newest first, by pages, as the store lists them. */
  const shelf = (size: number) => {
    const pages: number[] = [];
    return {
      pages,
      app: {
        async list({ limit, after = '0' }: { readonly limit: number; readonly after?: string }) {
          const from = Number(after);
          pages.push(from);
          const until = Math.min(from + limit, size);
          const items = Array.from({ length: until - from }, (_, index) => view(from + index));
          return ok({ items, next: until < size ? String(until) : null });
        },
        count: async () => ok(size),
      },
    };
  };
  const settled = async (search: ReturnType<typeof createNameSearch>): Promise<void> => {
    for (let turns = 0; turns < 10_000 && search.found.value.isLooking; turns++)
      await new Promise((resolve) => setTimeout(resolve));
  };

  test('reads one page for the newest, and no more than it takes to find enough', async () => {
    const { app, pages } = shelf(100_000);
    const search = createNameSearch(app, [notesPanel]);
    search.find('');
    await settled(search);
    expect(pages).toEqual([0]);
    search.find('hay');
    await settled(search);
    expect(pages).toEqual([0]);
    expect(search.found.value.hits).toHaveLength(40);
    expect(search.found.value.hits[0]?.title).toBe('Hay 1');
  });

  test('reads each page once, whatever is asked meanwhile, and finds the last of them', async () => {
    const { app, pages } = shelf(10_000);
    const search = createNameSearch(app, [notesPanel]);
    search.find('nee');
    search.find('need');
    search.find('needle');
    await settled(search);
    expect(search.found.value).toMatchObject({ looked: 10_000, total: 10_000, isLooking: false });
    expect(search.found.value.hits.map(({ title }) => title)).toContain('Needle 9000');
    expect(new Set(pages).size).toBe(pages.length);
    search.find('needle 9000');
    await settled(search);
    expect(search.found.value.hits.map(({ title }) => title)).toEqual(['Needle 9000']);
    expect(pages).toHaveLength(40);
  });

  test('ends where the store cannot be read', async () => {
    const failed = async () => err({ type: 'StorageFailed', reason: 'test' } as const);
    const search = createNameSearch({ list: failed, count: failed }, [notesPanel]);
    search.find('x');
    await settled(search);
    expect(search.found.value).toMatchObject({ hits: [], isLooking: false });
  });
});
