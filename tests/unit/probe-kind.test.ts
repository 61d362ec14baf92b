/** A kind of document that this test alone registers goes through everything that all kinds share, over a real store in memory. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { App } from '#app/app.ts';
import { createSource } from '#app/observable.ts';
import type { Fields } from '#core/entity.ts';
import { mintId } from '#core/ids.ts';
import type { Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { flashcard } from '#support/flashcards/flashcard.ts';
import { panel as flashcardsPanel } from '#support/flashcards/flashcards-panel.ts';
import { filesHere } from '#support/markdown-folder.ts';
import { restoreFromBin } from '#ui/documents/bin-moves.ts';
import type { World } from '#ui/shell/command.ts';
import type { Notice } from '#ui/shell/shell.ts';

/** The parts of the app that ask the ledger or the list of panels, read again with one more kind in both. */
async function loadParts() {
  const [
    entities,
    panels,
    views,
    documents,
    names,
    search,
    commands,
    icon,
    bins,
    byName,
    options,
    folder,
    record,
    status,
    unsaved,
  ] = await Promise.all([
    import('#entities/index.ts'),
    import('#ui/panels/index.ts'),
    import('#app/typed-views.ts'),
    import('#entities/documents.ts'),
    import('#entities/kind-names.ts'),
    import('#features/search/search-document.ts'),
    import('#ui/shell/commands.ts'),
    import('#ui/documents/document-icon.ts'),
    import('#ui/documents/filled-bins.ts'),
    import('#ui/palette/name-search.ts'),
    import('#ui/palette/palette-options.ts'),
    import('#backup/markdown/write-folder.ts'),
    import('#backup/format/record.ts'),
    import('#ui/panels/status/entity-name.ts'),
    import('#ui/shell/unsaved-file.ts'),
  ]);
  return {
    ...entities,
    ...panels,
    ...views,
    ...documents,
    ...names,
    ...search,
    ...commands,
    ...icon,
    ...bins,
    ...byName,
    ...options,
    ...folder,
    ...record,
    ...status,
    ...unsaved,
  };
}

let parts: Awaited<ReturnType<typeof loadParts>>;

beforeAll(async () => {
  vi.resetModules();
  vi.doMock(import('#entities/index.ts'), async (original) => {
    const real = await original();
    return { ...real, ledger: new Map([...real.ledger, [flashcard.kind, flashcard]]) };
  });
  vi.doMock(import('#ui/panels/index.ts'), async (original) => {
    const real = await original();
    const panels = [...real.panels, flashcardsPanel];
    return {
      ...real,
      panels,
      panelOf: (panel) => panels.find((one) => one.id === panel),
      panelOfKind: (kind) => panels.find(({ documents }) => documents === kind),
    };
  });
  parts = await loadParts();
});

// The tests of other files share this process.
afterAll(() => {
  vi.doUnmock('#entities/index.ts');
  vi.doUnmock('#ui/panels/index.ts');
  vi.resetModules();
});

const mint = (): string => mintId(Date.now(), systemRandom);

function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

let kv: Kv<WorkspaceTables>;
let store: ReturnType<typeof createStore>;
let app: Pick<App, 'get' | 'list' | 'count' | 'patch'>;
let world: World;
let notices: Notice[];
let visited: string[];
let id: string;

async function save(kind: string, entity: string, patch: Fields) {
  const before = must(await store.get(kind, entity));
  const base = before?.fields ?? {};
  must(await store.save({ kind, id: entity, patch, base, baseSeq: before?.localSeq ?? 0, saveId: mint() }));
  return ok({
    previous: Object.fromEntries(Object.keys(patch).flatMap((name) => (name in base ? [[name, base[name] ?? null]] : []))),
  });
}

beforeEach(async () => {
  kv = createMemoryKv(workspaceSchema);
  store = createStore({
    kv,
    clock: systemClock,
    random: systemRandom,
    ledger: parts.ledger,
    workspaceId: mint(),
    deviceId: mint(),
    channel: { post: () => {} },
    policy: () => 'newer',
  });
  id = mint();
  notices = [];
  visited = [];
  app = { ...parts.typedReads(store), count: store.count, patch: (kind, entity, patch) => save(kind, entity, patch) };
  const shell = {
    route: createSource({ panel: 'flashcards', rest: [id] }),
    closeTab: () => {},
    notify: (notice: Notice) => notices.push(notice),
    navigate: (path: string) => visited.push(path),
  };
  world = { app, shell } as unknown as World;
  await save('flashcard', id, flashcard.sample());
});

const placeOf = async (): Promise<string | undefined> => must(await app.get('flashcard', id))?.lifecycle;
const run = async (name: string): Promise<void> => void (await parts.commandOf(name)?.run(world));

/** Every entity of the store, as kind and place. */
async function everything(): Promise<readonly string[]> {
  const { items } = must(await store.changedSince(0, 100));
  return items.map(({ kind, lifecycle: place }) => `${kind} ${place}`);
}

describe('a kind of document that only this test knows', () => {
  test('goes to the bin by its command, and nothing else comes to be', async () => {
    await run('bin-document');
    expect(await everything()).toEqual(['flashcard binned']);
    expect(notices.map(({ text }) => text)).toEqual(['Moved “Calvin cycle” to the bin']);
  });

  test('has its bin among those that can be emptied, where something is in it', async () => {
    expect(await parts.filledBins(app)).toEqual([]);
    await run('bin-document');
    expect(await parts.filledBins(app)).toMatchObject([{ path: '/flashcards/bin', label: 'Open the bin of the flashcards' }]);
  });

  test('comes back by Undo, to its own address, and out of the bin', async () => {
    await run('bin-document');
    notices[0]?.undo?.();
    await vi.waitFor(async () => expect(await placeOf()).toBe('live'));
    await vi.waitFor(() => expect(visited).toEqual([`/flashcards/${id}`]));
    await run('bin-document');
    must(await restoreFromBin(app as App, 'flashcard', id));
    expect(await everything()).toEqual(['flashcard live']);
  });

  test('has no star where it declares none', async () => {
    const offered = parts.commands
      .filter(({ group }) => group === 'Document')
      .filter(({ isOffered }) => isOffered?.(world) ?? true);
    expect(offered.map(({ id: name }) => name)).toEqual(['bin-document']);
    await run('star-document');
    expect(must(await store.get('flashcard', id))?.fields).not.toHaveProperty('starred');
  });

  test('is made, and its bin opened, by commands of its own', async () => {
    await run('new-flashcard');
    await run('go-flashcard-bin');
    expect(visited).toEqual(['/flashcards/new', '/flashcards/bin']);
    expect([parts.commandOf('new-flashcard'), parts.commandOf('go-flashcard-bin')]).toMatchObject([
      { label: 'New flashcard', icon: 'lightbulb' },
      { label: 'Go to the bin of the flashcards' },
    ]);
  });

  test('is found by name in the palette, under a heading that names it', async () => {
    const names = parts.createNameSearch(app, parts.panels);
    names.find('calvin');
    await vi.waitFor(() => expect(names.found.value).toMatchObject({ isLooking: false, hits: [{ id, title: 'Calvin cycle' }] }));
    const { hits } = names.found.value;
    expect(parts.listSections('calvin', { commands: [], recent: [], hits }).map(({ name }) => name)).toEqual([
      'Notes, chats and flashcards',
    ]);
    expect([parts.documentNouns('one', 'or'), parts.documentIcon(parts.panelOfKind('flashcard'))]).toEqual([
      'note, chat or flashcard',
      'lightbulb',
    ]);
  });

  test('is searched by its title, text and tags', async () => {
    const view = must(await store.get('flashcard', id));
    expect(view && parts.toDocument(parts.searchedKinds(parts.ledger), view)).toMatchObject({
      title: 'Calvin cycle',
      text: 'In the stroma',
      labels: 'exam',
      top: `flashcard/${id}`,
    });
  });

  test('is in the folder of Markdown, with its bin', async () => {
    await save('flashcard', mint(), { front: 'Old', binnedAt: 1 });
    const { rows } = must(await createRowReader(kv).page({ to: null }));
    const lines = async function* (): AsyncGenerator<string> {
      for (const row of rows) {
        const made = parts.toRecord(row, flashcard, { withSecrets: false });
        if (row.kind === 'flashcard' && made) yield parts.recordLine(made);
      }
    };
    const texts = new Map<string, string>();
    const sink = { add: async (path: string, content: Blob) => void texts.set(path, await content.text()) };
    await parts.writeFolder({ lines, documents: 2, files: filesHere() }, sink, () => {});
    expect(texts.get('Flashcards/Calvin cycle.md')).toMatch(/kind: flashcard[\s\S]*---\n# Calvin cycle\n\nIn the stroma\n$/);
    expect(texts.get('Bin/Flashcards/Old.md')).toMatch(/---\n# Old\n\n\n$/);
    expect(texts.get('README.txt')).toContain('Flashcards/  each flashcard as a document');
  });

  test('has its name and address in the status, and its title in the file of what is not saved', async () => {
    const view = must(await app.get<string>('flashcard', id));
    expect([parts.kindName('flashcard'), parts.kindPlural('flashcard')]).toEqual(['flashcard', 'Flashcards']);
    expect([parts.entityTitle('flashcard', view), parts.entityPath('flashcard', id, view)]).toEqual([
      'Calvin cycle',
      `/flashcards/${id}`,
    ]);
    const file = parts.unsavedAsMarkdown([{ kind: 'flashcard', id, fields: flashcard.sample() }]);
    expect(file.match(/Calvin cycle/g)).toHaveLength(1);
  });
});
