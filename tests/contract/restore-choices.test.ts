/** What a person can decide about a restore: keep both, by kind, of single entities, one alone; and how it is stopped and gone on with. */
import { expect, test } from 'vitest';
import { comparePairs, partPath } from '#backup/kept/parts.ts';
import type { KeyPair } from '#core/entity-key.ts';
import { mintId } from '#core/ids.ts';
import type { RestoreChoice } from '#core/restores.ts';
import { systemRandom } from '#platform/system.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { MERGE, openRestoresWorld, type RestoresWorld, writesOf } from '#support/restores-world.ts';

const COPY: RestoreChoice = { ...MERGE, way: 'copy' };
const titles = async (world: RestoresWorld): Promise<readonly string[]> =>
  Object.values(await world.stateOf())
    .flatMap(({ title }) => (typeof title === 'string' ? [title] : []))
    .sort();

/** A chat with a question and its answer. */
async function writeChat(world: RestoresWorld, chat = mint()) {
  const [question, answer] = [mint(), mint()];
  await world.save('chat', chat, { title: 'Cells' });
  await world.save('message', question, { chatId: chat, role: 'user', text: 'What is a cell?', createdAt: 1 });
  await world.save('message', answer, { chatId: chat, role: 'assistant', text: 'A room.', follows: question, createdAt: 2 });
  return { chat, question, answer };
}

test('keep both: what differs comes as a document of its own, named by the day of the backup, and what is here stays', async () => {
  const world = await openRestoresWorld();
  const changed = await world.save('note', mint(), { title: 'Plan', text: 'one' });
  await world.save('note', mint(), { title: 'Same', text: 'two' });
  const gone = await world.save('note', mint(), { title: 'Gone', text: 'three' });
  const { id } = must(await world.backUp());
  await world.save('note', changed, { text: 'changed' });
  must(await world.store.purge('note', [gone]));
  const before = await world.stateOf();
  const plan = await world.plan(id, COPY);
  expect(plan.counts.note).toMatchObject({ copied: 1, revived: 1, same: 1, changed: 0 });
  must(await world.restore(id, COPY));
  expect(await titles(world)).toEqual(['Gone', 'Plan', 'Plan (from backup, 2026-09-21)', 'Same']);
  expect(await world.stateOf()).toMatchObject(before);
  const copy = Object.values(await world.stateOf()).find(({ title }) => String(title).includes('from backup'));
  expect(copy).toMatchObject({ text: 'one' });
});

test('keep both, twice or of another backup with the same state: nothing is there twice', async () => {
  const world = await openRestoresWorld();
  const note = await world.save('note', mint(), { title: 'Plan', text: 'one' });
  const first = must(await world.backUp());
  await world.save('note', mint(), { title: 'Other' });
  const second = must(await world.backUp());
  await world.save('note', note, { text: 'changed' });
  must(await world.restore(first.id, COPY));
  const once = await world.stateOf();
  for (const { id } of [first, second]) {
    expect(writesOf(await world.plan(id, COPY))).toBe(0);
    must(await world.restore(id, COPY));
  }
  expect(await world.stateOf()).toEqual(once);
});

test('keep both: a copy that was edited stays as it was edited, and one that was deleted comes back', async () => {
  const world = await openRestoresWorld();
  const note = await world.save('note', mint(), { title: 'Plan', text: 'one' });
  const { id } = must(await world.backUp());
  await world.save('note', note, { text: 'changed' });
  must(await world.restore(id, COPY));
  const [copy = ''] = Object.entries(await world.stateOf()).flatMap(([key, { title }]) =>
    String(title).includes('from backup') ? [key.slice(5)] : [],
  );
  await world.save('note', copy, { text: 'edited copy' });
  must(await world.restore(id, COPY));
  expect((await world.stateOf())[`note/${copy}`]).toMatchObject({ text: 'edited copy' });
  must(await world.store.purge('note', [copy]));
  must(await world.restore(id, COPY));
  expect((await world.stateOf())[`note/${copy}`]).toMatchObject({ text: 'one' });
});

test('keep both: a chat is copied with its messages, where one of them differs, and they refer to each other', async () => {
  const world = await openRestoresWorld();
  const { chat, question, answer } = await writeChat(world);
  const other = await writeChat(world);
  const { id } = must(await world.backUp());
  await world.save('message', answer, { text: 'Another answer.' });
  await world.save('chat', other.chat, { lastMessageAt: 5 });
  const before = await world.stateOf();
  const plan = await world.plan(id, COPY);
  expect(plan.counts).toMatchObject({ chat: { copied: 1 }, message: { copied: 2, same: 2 } });
  must(await world.restore(id, COPY));
  const after = await world.stateOf();
  expect(after).toMatchObject(before);
  const added = Object.entries(after).filter(([key]) => !(key in before));
  expect(added).toHaveLength(3);
  const [copyKey = ''] = added.flatMap(([key]) => (key.startsWith('chat/') ? [key] : []));
  const messages = added.filter(([key]) => key.startsWith('message/'));
  for (const [, fields] of messages) expect(`chat/${fields['chatId']}`).toBe(copyKey);
  const copied = messages.find(([, { role }]) => role === 'assistant')?.[1];
  const asked = messages.find(([, { role }]) => role === 'user')?.[0];
  expect(copied).toMatchObject({ text: 'A room.' });
  expect(`message/${copied?.['follows']}`).toBe(asked);
  expect([chat, question]).not.toContain(copied?.['follows']);
});

test('what is said of a kind, and of one entity, counts before what is said of everything', async () => {
  const world = await openRestoresWorld();
  const [first, second, third] = [mint(), mint(), mint()];
  for (const note of [first, second, third]) await world.save('note', note, { title: 'Old', text: 'one' });
  const { chat, answer } = await writeChat(world);
  const { id } = must(await world.backUp());
  for (const note of [first, second, third]) await world.save('note', note, { title: 'New' });
  await world.save('message', answer, { text: 'Another answer.' });
  const choice: RestoreChoice = {
    ...MERGE,
    kinds: { note: 'overwrite', chat: 'skip' },
    entities: { [`note/${second}`]: 'skip', [`note/${third}`]: 'copy' },
  };
  const plan = await world.plan(id, choice);
  expect(plan.counts).toMatchObject({ note: { changed: 1, leftOut: 1, copied: 1 }, message: { leftOut: 2 } });
  expect(plan.entities.find(({ id: of }) => of === second)).toMatchObject({ type: 'left-out', why: 'chosen' });
  must(await world.restore(id, choice));
  const after = await world.stateOf();
  expect(after[`note/${first}`]).toMatchObject({ title: 'Old' });
  for (const note of [second, third]) expect(after[`note/${note}`]).toMatchObject({ title: 'New' });
  expect(after[`message/${answer}`]).toMatchObject({ text: 'Another answer.' });
  expect(chat in after).toBe(false);
  expect(await titles(world)).toContain('Old (from backup, 2026-09-21)');
});

test('a chat that comes back with one of its messages is in the plan', async () => {
  const world = await openRestoresWorld();
  const { chat, question } = await writeChat(world);
  const { id } = must(await world.backUp());
  must(await world.store.purge('message', [question]));
  must(await world.store.purge('chat', [chat]));
  const choice: RestoreChoice = { ...MERGE, kinds: { chat: 'skip', message: 'merge' } };
  const plan = await world.plan(id, choice);
  expect(plan.counts.chat).toMatchObject({ leftOut: 1, revived: 1 });
  expect(must(await world.restore(id, choice)).changed).toBe(writesOf(plan));
  expect(`chat/${chat}` in (await world.stateOf())).toBe(true);
});

test('one note alone: nothing else changes, and nothing else is shown', async () => {
  const world = await openRestoresWorld();
  const notes = [mint(), mint(), mint()];
  for (const note of notes) await world.save('note', note, { title: 'Old', text: 'one' });
  const { id } = must(await world.backUp());
  for (const note of notes) await world.save('note', note, { title: 'New' });
  const choice: RestoreChoice = { ...MERGE, way: 'overwrite', only: ['note', notes[1] ?? ''] };
  expect(await world.plan(id, choice)).toMatchObject({ found: 1, entities: [{ id: notes[1] }] });
  must(await world.restore(id, choice));
  const after = await world.stateOf();
  expect(notes.map((note) => after[`note/${note}`]?.['title'])).toEqual(['New', 'Old', 'New']);
});

test('words find any entity that would not stay the same, also behind those that are listed first, and what stays is listed', async () => {
  const world = await openRestoresWorld();
  const notes = await world.writeNotes(30);
  await world.save('note', notes[25] ?? '', { text: 'Needle in the hay' });
  const { id } = must(await world.backUp());
  for (const note of notes) await world.save('note', note, { title: 'New' });
  const choice: RestoreChoice = { ...MERGE, skipNewer: true };
  expect(await world.plan(id, choice, { words: '', limit: 5 })).toMatchObject({ found: 30, entities: { length: 5 } });
  const found = await world.plan(id, choice, { words: 'hay NEEDLE', limit: 5 });
  expect(found).toMatchObject({ found: 1, entities: [{ id: notes[25], type: 'newer-here' }] });
  expect(found.counts.note).toMatchObject({ newerHere: 30 });
});

test('a restore that is stopped goes on to the same end, or is taken back', async () => {
  const world = await openRestoresWorld();
  const notes = await world.writeNotes(40);
  const { id } = must(await world.backUp());
  for (const note of notes) await world.save('note', note, { title: 'New' });
  const before = await world.stateOf();
  const choice: RestoreChoice = { ...MERGE, way: 'overwrite' };
  const first = await world.restoreUntil(14, id, choice);
  expect(await world.stateOf()).not.toEqual(before);
  expect(await world.undo(first)).toMatchObject({ state: 'undone', keptEdited: 0 });
  expect(await world.stateOf()).toEqual(before);

  const second = await world.restoreUntil(14, id, choice);
  expect(await world.resume(second)).toMatchObject({ state: 'applied', changed: 40 });
  expect(await titles(world)).toEqual(notes.map((_, n) => `Note ${n}`).sort());
});

test('keep both for messages alone: none is copied into a chat that is not there', async () => {
  const world = await openRestoresWorld();
  const { answer } = await writeChat(world);
  const { id } = must(await world.backUp());
  await world.save('message', answer, { text: 'Another answer.' });
  for (const choice of [
    { ...MERGE, kinds: { message: 'copy' } },
    { ...MERGE, entities: { [`message/${answer}`]: 'copy' } },
  ] satisfies readonly RestoreChoice[]) {
    must(await world.restore(id, choice));
    const after = await world.stateOf();
    const chats = Object.entries(after).flatMap(([key, { chatId }]) => (key.startsWith('message/') ? [`chat/${chatId}`] : []));
    for (const chat of chats) expect(Object.keys(after)).toContain(chat);
    expect(after[`message/${answer}`]).toMatchObject({ text: 'Another answer.' });
  }
});

/** Messages by the title of their chat; `lost` where that is not there. */
async function chatsOf(world: RestoresWorld): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const state = await world.stateOf();
  const messages = Object.entries(state).filter(([key]) => key.startsWith('message/'));
  const found: Record<string, unknown[]> = {};
  for (const [key, { title }] of Object.entries(state)) if (key.startsWith('chat/')) found[String(title)] = [];
  for (const [, { chatId, text }] of messages) {
    const title = String(state[`chat/${String(chatId)}`]?.['title'] ?? 'lost');
    found[title] = [...(found[title] ?? []), text].sort();
  }
  return found;
}

test.each([
  { before: 0, what: 'what was begun is gone on with as the same copy' },
  { before: 10, what: 'no message is copied into a chat that was not begun and can no longer be read' },
])('keep both: $what, whatever part of the backup is lost meanwhile', async ({ before }) => {
  const world = await openRestoresWorld();
  // In the order of their ids, seven to a batch.
  const idAt = (minutes: number): string => mintId(Date.now() - minutes * 60_000, systemRandom);
  for (let n = 0; n < before; n++) await world.save('chat', idAt(20), { title: `Earlier ${n}` });
  const { chat, answer } = await writeChat(world, idAt(10));
  /** The part with the chat, where its messages are in another. */
  const partOfChat = async (id: string): Promise<string | null> => {
    const { parts } = await world.kept.find(id);
    const partOf = (key: KeyPair) => parts.findLast(({ first }) => comparePairs(first, key) <= 0)?.hash ?? '';
    const part = partOf(['chat', chat]);
    return part === partOf(['message', answer]) || part === partOf(['message', '']) ? null : part;
  };
  let [id, part] = ['', null as string | null];
  while (part === null) {
    for (let n = 0; n < 50; n++) await world.save('chat', mint(), { title: `Other ${n}` });
    ({ id } = must(await world.backUp()));
    part = await partOfChat(id);
  }
  await world.save('message', answer, { text: 'Changed.' });
  const begun = await world.restoreUntil(7, id, { ...COPY, acceptDamage: true });
  world.place.files.delete(partPath(part ?? ''));
  expect(await world.resume(begun)).toMatchObject({ state: 'applied' });
  const found = await chatsOf(world);
  expect(found['lost']).toBeUndefined();
  expect(found['Cells']).toEqual(['Changed.', 'What is a cell?']);
  expect(found['Cells (from backup, 2026-09-21)']).toEqual(before === 0 ? ['A room.', 'What is a cell?'] : undefined);
});

test('keep both: what was decided stays decided where the restore is interrupted, whatever is edited meanwhile', async () => {
  for (const edit of ['as in the backup', 'differently'] as const) {
    const world = await openRestoresWorld();
    const { chat, answer } = await writeChat(world);
    // More than one batch of chats comes before the messages.
    for (let n = 0; n < 10; n++) await world.save('chat', mint(), { title: `Other ${n}` });
    const { id } = must(await world.backUp());
    const isCopied = edit === 'as in the backup';
    if (isCopied) await world.save('message', answer, { text: 'Changed.' });
    const begun = await world.restoreUntil(7, id, COPY);
    if (isCopied) await world.save('message', answer, { text: 'A room.' });
    else await world.save('chat', chat, { title: 'Cells, later' });
    expect(await world.resume(begun)).toMatchObject({ state: 'applied' });
    const chats = await chatsOf(world);
    const both = ['A room.', 'What is a cell?'];
    expect(chats['lost'], edit).toBeUndefined();
    const titles = Object.keys(chats).filter((title) => title.startsWith('Cells'));
    expect(titles.sort(), edit).toEqual(isCopied ? ['Cells', 'Cells (from backup, 2026-09-21)'] : ['Cells, later']);
    for (const title of titles) expect(chats[title], `${edit}: ${title}`).toEqual(both);
  }
});
