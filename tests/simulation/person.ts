/** What a simulated person does in a tab: writes words that exist once, and takes out what stands before their eyes. */
import { BINNED_AT, type Fields } from '#core/entity.ts';
import type { Json } from '#core/json.ts';
import { SETTINGS_ID } from '#entities/settings.ts';
import type { Device } from './device.ts';
import type { Deed } from './plan.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { Editing, Tab } from './tab.ts';
import { type Tokens, wordsIn, wordsTakenOut } from './tokens.ts';

/** A note or a chat of the plan, by its number. */
export interface Thing {
  readonly kind: 'note' | 'chat';
  readonly id: string;
}

export interface PersonDeps {
  readonly scheduler: Scheduler;
  readonly tokens: Tokens;
  readonly things: Map<number, Thing>;
  /** The pages in which somebody is at something: an act waits until what it is about has been loaded. */
  readonly underWay: Set<{ readonly page: Actor }>;
  mintId(): string;
}

export type PersonDeed = Extract<Deed, { readonly do: 'new' | 'type' | 'erase' | 'mark' | 'set' | 'resolve' }>;

export function act(deed: PersonDeed, device: Device, deps: PersonDeps): void {
  const tab = device.tab(deed.tab);
  tab.watch();
  const busy = { page: tab.page };
  deps.underWay.add(busy);
  deps.scheduler.spawn(tab.page, deed.do, async () => {
    await perform(deed, device, tab, deps);
    deps.underWay.delete(busy);
  });
}

async function perform(deed: PersonDeed, device: Device, tab: Tab, deps: PersonDeps): Promise<void> {
  const origin = (what: string): string => `${device.name}.tab${deed.tab} ${what} at ${deps.scheduler.now()}`;
  const mint = (what: string): string => deps.tokens.mint(origin(what));

  if (deed.do === 'set') return setSomething(deed.what, device, tab, mint, deps.mintId);
  if (deed.do === 'resolve') return resolve(deed, device, tab);
  if (deed.do === 'new') {
    const thing: Thing = { kind: deed.chat ? 'chat' : 'note', id: deps.mintId() };
    deps.things.set(deed.note, thing);
    await tab.create(thing.kind, thing.id, { title: mint('title') });
    return;
  }
  const thing = deps.things.get(deed.note);
  const editor = thing && (await tab.edit(thing.kind, thing.id));
  // Nobody edits what their device has never heard of; a purged note is gone from every list.
  if (!thing || !editor || editor.view()?.place === 'purged') return;
  const text = thing.kind === 'chat' ? 'systemPrompt' : 'text';

  /** Puts in what the person means, and notes what they have thereby taken out. */
  const put = (patch: Fields): void => {
    device.noteErased(
      wordsTakenOut(Object.fromEntries(Object.keys(patch).map((field) => [field, editor.fields()[field] ?? null])), patch),
    );
    editor.set(patch);
  };

  if (deed.do === 'type') {
    for (let n = 0; n < deed.count; n++) {
      if (n > 0) await wait(deps.scheduler, tab, deed.gapMs);
      if (deed.field === 'message' && thing.kind === 'chat') {
        await tab.create('message', deps.mintId(), { chatId: thing.id, text: mint('message') });
      } else if (deed.field === 'title') put({ title: mint('title') });
      else if (deed.field === 'tags') put({ tags: [...(editor.fields().tags as readonly string[]), mint('tag')] });
      else put({ [text]: insert(String(editor.fields()[text]), mint(text), deed.place, deed.line) });
    }
  } else if (deed.do === 'erase') {
    const words = [...wordsIn(editor.fields()[text])];
    const word = words[Math.floor(deed.place * words.length)];
    if (word) put({ [text]: String(editor.fields()[text]).replace(word, '').replace('  ', ' ') });
  } else {
    await mark(deed.what, device, tab, thing, editor, put, deps);
  }
  if (deed.leave) tab.leave(thing.kind, thing.id);
}

async function mark(
  what: Extract<Deed, { do: 'mark' }>['what'],
  device: Device,
  tab: Tab,
  { kind, id }: Thing,
  editor: Editing,
  put: (patch: Fields) => void,
  deps: PersonDeps,
): Promise<void> {
  switch (what) {
    case 'star':
      return editor.set({ starred: editor.fields().starred !== true });
    case 'bin':
      return editor.set({ [BINNED_AT]: device.clock.now() });
    case 'restore':
      return editor.set({ [BINNED_AT]: null });
    case 'purge': {
      // Asked for by a person who sees the note as the store has it; what was typed since keeps it alive.
      const seen = wordsIn(editor.view()?.fields);
      const purged = await tab.call('purge', (store) => store.purge(kind, [id]));
      if (purged.ok) deps.tokens.excuse(seen, `purged on ${device.name}`);
      else deps.tokens.excuse(seen, `perhaps purged on ${device.name}`);
      return;
    }
    case 'revert': {
      const history = await tab.call('history', (store) => store.history(kind, id));
      const entry = history.ok ? history.value[0] : undefined;
      if (entry) put(Object.fromEntries(Object.entries(entry.fields).filter(([field]) => field !== BINNED_AT)));
    }
  }
}

async function setSomething(
  what: Extract<Deed, { do: 'set' }>['what'],
  device: Device,
  tab: Tab,
  mint: (what: string) => string,
  mintCardId: () => string,
): Promise<void> {
  const [kind, id] = what === 'layout' ? (['layout', device.deviceId] as const) : (['settings', SETTINGS_ID] as const);
  const editor = await tab.create(kind, id, {});
  if (!editor) return;
  switch (what) {
    case 'theme':
      return editor.set({ theme: editor.fields().theme === 'dark' ? 'light' : 'dark' });
    case 'ask':
    case 'newer':
      return editor.set({ conflictPolicy: what });
    case 'prompt': {
      const word = mint('prompt');
      return editor.set({
        savedPrompts: { ...(editor.fields().savedPrompts as Fields), [word]: { order: word, name: word, text: word } },
      });
    }
    case 'card': {
      // A kind that only a later version knows.
      if (!device.isNewer) return;
      await tab.create('flashcard', mintCardId(), { title: mint('card') });
      return;
    }
    case 'layout': {
      device.noteErased(wordsIn(editor.fields().activeTab));
      return editor.set({ activeTab: mint('layout') });
    }
  }
}

/** Chooses one side of an open conflict. The conflict itself keeps both. */
async function resolve(deed: Extract<Deed, { do: 'resolve' }>, device: Device, tab: Tab): Promise<void> {
  const found = await tab.call('list', (store) => store.list({ kind: 'conflict', limit: 50 }));
  const open = found.ok ? found.value.items.filter(({ fields }) => fields.resolution === 'open') : [];
  const chosen = open[Math.floor(deed.place * open.length)];
  if (!chosen) return;
  const { entityKind, entityId, field, theirs } = chosen.fields as { readonly [field: string]: Json };
  const conflict = await tab.edit('conflict', chosen.id);
  conflict?.set({ resolution: deed.choice });
  if (deed.choice === 'mine') return;
  const editor = await tab.edit(String(entityKind), String(entityId));
  if (!editor?.view() || editor.view()?.place === 'purged') return;
  device.noteErased(wordsTakenOut(editor.fields()[String(field)], theirs));
  editor.set({ [String(field)]: theirs as Json });
}

/** A new word as a line of its own, or between two words. */
function insert(text: string, word: string, place: number, asLine: boolean): string {
  const separator = asLine ? '\n' : ' ';
  const parts = text === '' ? [] : text.split(separator);
  parts.splice(Math.round(place * parts.length), 0, word);
  return parts.join(separator);
}

const wait = (scheduler: Scheduler, tab: Tab, ms: number): Promise<void> =>
  new Promise((resolve) => {
    scheduler.timer(tab.page, ms, resolve, 'typing');
  });
