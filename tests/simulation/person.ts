/** What a simulated person does in a tab: writes words that exist once, and takes out what is before their eyes. */
import { blobReference } from '#core/blobs.ts';
import { BINNED_AT, type Fields } from '#core/entity.ts';
import type { Json } from '#core/json.ts';
import { SETTINGS_ID } from '#entities/settings.ts';
import { BINNED, PURGED } from '#store/schema/schema.ts';
import { answerDeletions, type Product } from './adapters.ts';
import { type BackupDeed, careForBackups } from './backup-person.ts';
import type { BlobOracle } from './blob-oracle.ts';
import { careForFiles, type FileDeed, keepFile, openPictures, pictureIn } from './blob-person.ts';
import type { Device } from './device.ts';
import type { IntentOracle } from './intent-oracle.ts';
import { LATER_TAGS } from './newer-app.ts';
import type { Deed } from './plan.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { ScreenOracle } from './screen-oracle.ts';
import type { Editing, Tab } from './tab.ts';
import { type Tokens, wordsIn, wordsTakenOut } from './tokens.ts';
import type { Verdict } from './verdict.ts';

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
  readonly screen: ScreenOracle | null;
  readonly intent: IntentOracle;
  readonly product: Product;
  readonly verdict: Verdict;
  readonly blobs: BlobOracle | null;
  /** Whether nothing of an entity is unknown to a device: it may be said what becomes of it. */
  knowsAll(device: Device, kind: string, id: string): Promise<boolean>;
  mintId(): string;
}

export type PersonDeed = Extract<
  Deed,
  {
    readonly do:
      | 'new'
      | 'new-many'
      | 'type'
      | 'erase'
      | 'undo'
      | 'untag'
      | 'move'
      | 'mark'
      | 'purge-many'
      | 'answer'
      | 'set'
      | 'resolve'
      | 'file-add'
      | 'file-out'
      | 'file-open'
      | 'file-copy'
      | 'file-collect'
      | 'file-letgo'
      | BackupDeed['do'];
  }
>;

/** What an editor showed before each change of its text: for "undo". */
const undos = new WeakMap<Editing, Fields[]>();

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

  if (
    deed.do === 'backup' ||
    deed.do === 'backup-out' ||
    deed.do === 'backup-remove' ||
    deed.do === 'restore' ||
    deed.do === 'restore-end' ||
    deed.do === 'restore-undo'
  )
    return careForBackups(deed, device, tab, { ...deps, thing: (note) => deps.things.get(note) });
  if (deed.do === 'set') return setSomething(deed.what, device, tab, mint, deps.mintId);
  if (deed.do === 'resolve') return resolve(deed, device, tab, deps);
  if (deed.do === 'answer') return answerHeld(deed.word, device, tab, deps);
  if (deed.do === 'new') return create(deed.note, deed.chat, device, tab, mint, deps);
  if (deed.do === 'new-many') {
    for (let n = 0; n < deed.count; n++) await create(deed.from + n, false, device, tab, mint, deps);
    return;
  }
  if (deed.do === 'file-collect' || deed.do === 'file-letgo') return careForFiles(deed, tab);
  if (deed.do === 'purge-many') return purgeMany(deed, device, tab, deps);
  const thing = deps.things.get(deed.note);
  const editor = thing && (await tab.edit(thing.kind, thing.id));
  // Nobody edits what their device does not have; a purged note is gone from every list.
  if (!thing || !editor || editor.view()?.lifecycle === 'purged') return;
  const text = thing.kind === 'chat' ? 'systemPrompt' : 'text';
  const tagged = thing.kind === 'note' && device.isNewer ? LATER_TAGS : 'tags';
  deps.intent.touched(thing.kind, thing.id);
  if (!tab.takesInput()) return;
  deps.screen?.look(editor, thing.kind, thing.id, editor.fields());
  const put = (patch: Fields): void => change(editor, thing, patch, device, tab, deps);

  switch (deed.do) {
    case 'type':
      for (let n = 0; n < deed.count; n++) {
        if (n > 0) await wait(deps.scheduler, tab, deed.gapMs);
        if (deed.field === 'message' && thing.kind === 'chat') {
          await tab.create('message', deps.mintId(), { chatId: thing.id, text: mint('message') });
        } else if (deed.field === 'title') put({ title: mint('title') });
        else if (deed.field === 'tags') put({ [tagged]: [...(editor.fields()[tagged] as readonly string[]), mint('tag')] });
        else put({ [text]: insert(String(editor.fields()[text]), mint(text), deed.place, deed.line) });
      }
      break;
    case 'erase': {
      const words = [...wordsIn(editor.fields()[text])];
      const word = words[Math.floor(deed.place * words.length)];
      if (word) put({ [text]: String(editor.fields()[text]).replace(word, '').replace('  ', ' ') });
      break;
    }
    case 'undo': {
      const before = undos.get(editor)?.pop();
      if (!before) break;
      put(before);
      undos.get(editor)?.pop();
      break;
    }
    case 'untag': {
      const tags = editor.fields()[tagged] as readonly string[];
      const tag = tags[Math.floor(deed.place * tags.length)];
      if (tag) put({ [tagged]: tags.filter((one) => one !== tag) });
      break;
    }
    case 'move': {
      const before = String(editor.fields()[text]);
      const word = mint(text);
      for (const next of [insert(before, word, deed.place, true), before, insert(before, word, 1 - deed.place, true)]) {
        put({ [text]: next });
        await wait(deps.scheduler, tab, deed.gapMs);
      }
      // Of two words that have changed places a merge may take either for the one that was taken out and put in again.
      deps.tokens.notePut(wordsIn(before));
      break;
    }
    case 'file-add':
    case 'file-out':
    case 'file-open':
    case 'file-copy':
      await handleFile(deed, device, tab, thing, editor, text, mint, deps);
      break;
    case 'mark':
      await mark(deed.what, device, tab, thing, editor, put, deps);
  }
  if ('leave' in deed && deed.leave) tab.leave(thing.kind, thing.id);
}

async function handleFile(
  deed: FileDeed,
  device: Device,
  tab: Tab,
  thing: Thing,
  editor: Editing,
  field: string,
  mint: (what: string) => string,
  deps: PersonDeps,
): Promise<void> {
  const textNow = (): string => String(editor.fields()[field]);
  const insertInto = (into: Editing, at: Thing, reference: string, place: number): void => {
    const name = at.kind === 'chat' ? 'systemPrompt' : 'text';
    const text = insert(String(into.fields()[name]), `![${mint('picture')}](${reference})`, place, true);
    change(into, at, { [name]: text }, device, tab, deps);
  };
  if (deed.do === 'file-open') return deps.blobs ? openPictures(textNow(), device, tab, deps.blobs) : undefined;
  if (deed.do === 'file-add') {
    const reference = await keepFile(tab, deps.product, deed);
    if (reference !== null && editor.view()?.lifecycle !== 'purged') insertInto(editor, thing, reference, deed.place);
    return;
  }
  const picture = pictureIn(textNow(), deed.place);
  if (!picture) return;
  if (deed.do !== 'file-copy') {
    const lines = textNow().replace(picture.line, '').split('\n');
    return change(editor, thing, { [field]: lines.filter((line) => line !== '').join('\n') }, device, tab, deps);
  }
  const target = deps.things.get(deed.to);
  const into = target && (await tab.edit(target.kind, target.id));
  if (!target || !into || into.view()?.lifecycle === 'purged') return;
  deps.intent.touched(target.kind, target.id);
  insertInto(into, target, blobReference(picture.hash, 'png'), deed.place);
}

/** Puts in what the person means, and notes what they have taken out by it or brought back. */
function change(editor: Editing, { kind, id }: Thing, patch: Fields, device: Device, tab: Tab, deps: PersonDeps): void {
  if (!tab.takesInput()) return;
  const before = Object.fromEntries(Object.keys(patch).map((field) => [field, editor.fields()[field] ?? null]));
  device.noteErased(wordsTakenOut(before, patch));
  deps.tokens.notePut(wordsTakenOut(patch, before));
  const at = deps.scheduler.now();
  // What was put in after a deletion brings the entity back, whenever the person began with it.
  deps.intent.touched(kind, id);
  const changed = Object.fromEntries(Object.entries(patch).filter(([field, value]) => value !== before[field]));
  deps.intent.typed(kind, id, changed, {
    at,
    device: device.name,
    clockMs: device.clock.now(),
    wasRight: () => device.clock.wasRight(at, at + STAMPED_WITHIN_MS),
  });
  deps.screen?.typed(kind, id, patch);
  undos.set(editor, [...(undos.get(editor) ?? []), before]);
  editor.set(patch);
}

/** By then a save has its stamp, whatever died under it. */
const STAMPED_WITHIN_MS = 30_000;

async function create(
  note: number,
  chat: boolean,
  device: Device,
  tab: Tab,
  mint: (what: string) => string,
  deps: PersonDeps,
): Promise<void> {
  const thing: Thing = { kind: chat ? 'chat' : 'note', id: deps.mintId() };
  deps.things.set(note, thing);
  const title = mint('title');
  const by = { at: deps.scheduler.now(), device: device.name, clockMs: device.clock.now(), wasRight: () => true };
  deps.intent.typed(thing.kind, thing.id, { title }, by);
  deps.tokens.notePut([title]);
  await tab.create(thing.kind, thing.id, { title });
}

async function purgeMany(
  { from, count, confirmed }: Extract<Deed, { do: 'purge-many' }>,
  device: Device,
  tab: Tab,
  deps: PersonDeps,
): Promise<void> {
  const bulk = confirmed ? deps.mintId() : undefined;
  for (let note = from; note < from + count; note++) {
    const thing = deps.things.get(note);
    const found = thing && (await tab.call('get', (store) => store.get(thing.kind, thing.id)));
    if (thing && found?.ok && found.value) await purge(device, tab, thing, wordsIn(found.value.fields), deps, bulk);
  }
}

/** Asked for by a person who sees the note as the store has it; what was typed since keeps it alive. */
async function purge(
  device: Device,
  tab: Tab,
  { kind, id }: Thing,
  seen: ReadonlySet<string>,
  deps: PersonDeps,
  bulk?: string,
): Promise<void> {
  if (bulk) device.guard.confirmed(kind, id);
  const act = deps.intent.begun(kind, id);
  const sure = await deps.knowsAll(device, kind, id);
  // Whoever has edited an older state of it meanwhile brings that back, with what had been taken out of it here.
  deps.tokens.forgetRemovals(({ key }) => key === `${kind}/${id}`);
  deps.tokens.ignoreRemovals(`${kind}/${id}`);
  deps.intent.forgetTitles(`${kind}/${id}`);
  const purged = await tab.call('purge', (store) => store.purge(kind, [id], bulk));
  deps.tokens.excuse(seen, purged.ok ? `purged on $device.name` : `perhaps purged on $device.name`);
  if (purged.ok && sure) deps.intent.placed(device.name, PURGED, act);
  deps.intent.ended(act);
}

/** The person looks at the deletions that wait, and answers. */
async function answerHeld(word: 'delete' | 'keep', device: Device, tab: Tab, deps: PersonDeps): Promise<void> {
  if (word === 'keep') deps.intent.forgetPlace();
  await tab.call('answer', (store) => answerDeletions(store, word, device.guard.answered));
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
  const patch = (fields: Fields, onKept: () => void = () => {}): Promise<boolean> => tab.patch(kind, id, fields, onKept);
  switch (what) {
    case 'star':
      return void (await patch({ starred: editor.fields().starred !== true }));
    case 'bin': {
      const act = deps.intent.begun(kind, id);
      const sure = await deps.knowsAll(device, kind, id);
      const placed = (): void => {
        if (sure) deps.intent.placed(device.name, BINNED, act);
      };
      const done = await patch({ [BINNED_AT]: device.clock.now() }, placed);
      if (!done) deps.intent.forgetPlace(kind, id);
      else if (device.oracle.entity(kind, id)?.place === BINNED) placed();
      deps.intent.ended(act);
      return;
    }
    case 'restore':
      return void (await patch({ [BINNED_AT]: null }));
    case 'purge': {
      return purge(device, tab, { kind, id }, wordsIn(editor.view()?.fields), deps);
    }
    case 'revert': {
      const history = await tab.call('history', (store) => store.history(kind, id));
      const entry = history.ok ? history.value[0] : undefined;
      // As the app does: of a revision that a later version has made, what this one knows.
      const known = Object.entries(entry?.fields ?? {}).filter(([field]) => field !== BINNED_AT && editor.knows(field));
      if (known.length > 0) put(Object.fromEntries(known));
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
async function resolve(deed: Extract<Deed, { do: 'resolve' }>, device: Device, tab: Tab, deps: PersonDeps): Promise<void> {
  const found = await tab.call('list', (store) => store.list({ kind: 'conflict', limit: 50 }));
  const open = found.ok ? found.value.items.filter(({ fields }) => fields.resolution === 'open') : [];
  const chosen = open[Math.floor(deed.place * open.length)];
  if (!chosen) return;
  const { entityKind, entityId, field, theirs } = chosen.fields as { readonly [field: string]: Json };
  const conflict = await tab.edit('conflict', chosen.id);
  conflict?.set({ resolution: deed.choice });
  if (deed.choice === 'mine') return;
  const editor = await tab.edit(String(entityKind), String(entityId));
  if (!editor?.view() || editor.view()?.lifecycle === 'purged') return;
  const thing = deps.things.values().find((one) => one.id === entityId) ?? { kind: 'note', id: String(entityId) };
  change(editor, thing, { [String(field)]: theirs as Json }, device, tab, deps);
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
