/** What becomes of a prompt: asked once, visibly not at all, or waiting. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { shownThread } from '#features/chat/branches.ts';
import { CHAT, type ChatsWorld, createChatsWorld } from '#support/chats-world.ts';
import {
  createGate,
  end,
  type OpenAiServer,
  piece,
  play,
  refuse,
  startOpenAiServer,
  stream,
  usage,
  words,
} from '#support/openai-server.ts';

let server: OpenAiServer;
let world: ChatsWorld;
const prompt = (text: string, follows: string | null = null) => ({ chatId: CHAT, follows, text, attachments: [] });

beforeEach(async () => {
  server = await startOpenAiServer();
  world = createChatsWorld(server.endpoint);
});
afterEach(() => server.close());

/** The machine may be busy. */
const eventually = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, { timeout: 10_000, interval: 20 });

const settled = (count: number) =>
  eventually(async () => {
    const messages = await world.messages();
    expect(messages.map(({ state }) => state)).toEqual(Array(count).fill('complete'));
    return messages;
  });

test('an answer is a message that follows its prompt, with its figures', async () => {
  server.next(stream([...words('Because of '), end(), usage(5)]));
  const tab = world.openTab();
  const sent = await tab.send(prompt('Why?'));
  const [question, answer] = await settled(2);
  await eventually(() => expect(tab.isAnswered(question?.id ?? '')).toBe(true));
  expect(sent).toEqual({ ok: true, value: question?.id });
  expect(answer).toMatchObject({
    role: 'assistant',
    follows: question?.id,
    text: 'Because of ',
    model: 'tiny-1',
    finish: 'stop',
    stats: { tokens: 5 },
  });
});

test('a new chat is announced as soon as it exists, before its prompt is committed', async () => {
  let messagesThen: Promise<readonly unknown[]> | undefined;
  await world.openTab().send(prompt('Why?'), () => {
    messagesThen = world.messages();
  });
  expect(await messagesThen).toEqual([]);
  await settled(2);
});

test('offline it waits on this device, and two tabs that wake up ask it once', async () => {
  const [first, second] = [world.openTab(), world.openTab()];
  world.network.online = false;
  await first.send(prompt('Why?'));
  await world.idle();
  const [question] = await world.messages();
  expect(question?.state).toBe('waiting');
  expect(await world.waiting()).toEqual([question?.id]);
  expect(server.prompts).toEqual([]);

  world.network.online = true;
  await Promise.all([first.wake(), second.wake(), second.wake()]);
  await settled(2);
  await first.wake();
  expect(server.prompts).toEqual(['Why?']);
  expect(await world.waiting()).toEqual([]);
});

test('two prompts that waited are asked one after the other, the second after the answer to the first', async () => {
  const tab = world.openTab();
  world.network.online = false;
  const first = await tab.send(prompt('One?'));
  await world.idle();
  await tab.send({ ...prompt('Two?'), follows: first.ok ? first.value : null });
  await world.idle();
  const gate = createGate();
  server.next(stream([...words('because '), end()], { gate }));
  world.network.online = true;
  const woken = tab.wake();
  await eventually(() => expect([...tab.running.value.values()].map(({ text }) => text)).toEqual(['because ']));
  expect(server.prompts).toEqual(['One?']);
  gate.open();
  await woken;
  await settled(4);
  expect(server.prompts).toEqual(['One?', 'Two?']);
  const thread = shownThread(await world.messages(), new Set()).map(({ message }) => message);
  expect(thread.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
  expect(await world.waiting()).toEqual([]);
});

test('an edited prompt and another answer are shown although the clock was set back', async () => {
  const tab = world.openTab();
  const shown = async () => shownThread(await world.messages(), new Set()).map(({ message }) => message.text);
  const sent = await tab.send(prompt('Why?'));
  await settled(2);
  world.skew.ms = -3_600_000;
  server.next(stream([...words('Another.'), end()]));
  await tab.ask(sent.ok ? sent.value : '');
  await settled(3);
  expect(await shown()).toEqual(['Why?', 'Another.']);
  await tab.send({ ...prompt('Why not?'), replaces: sent.ok ? sent.value : '' });
  await settled(5);
  expect(await shown()).toEqual(['Why not?', 'You said: Why not?']);
});

test('a prompt that waits in a chat in the bin is asked when the chat has come back', async () => {
  const tab = world.openTab();
  world.network.online = false;
  await tab.send(prompt('Why?'));
  await world.idle();
  await world.binChat(true);
  world.network.online = true;
  await tab.wake();
  expect(server.prompts).toEqual([]);
  expect((await world.messages())[0]?.state).toBe('waiting');
  await world.binChat(false);
  await settled(2);
  expect(server.prompts).toEqual(['Why?']);
});

test('a prompt that was withdrawn while it waited is not asked; another is left as it is', async () => {
  const tab = world.openTab();
  world.network.online = false;
  const first = await tab.send(prompt('Why?'));
  await world.idle();
  await tab.send(prompt('Why not?'));
  await world.idle();
  await tab.withdraw(first.ok ? first.value : '');
  // Two of one millisecond are in any order.
  const states = (await world.messages()).map(({ text, state }) => [text, state]);
  expect(Object.fromEntries(states)).toEqual({ 'Why?': 'complete', 'Why not?': 'waiting' });
  world.network.online = true;
  await tab.wake();
  await settled(3);
  expect(server.prompts).toEqual(['Why not?']);
  server.next(refuse(401, 'No.'));
  const refused = await tab.send(prompt('And now?'));
  const state = async () => (await world.messages()).find(({ text }) => text === 'And now?')?.state;
  await eventually(async () => expect(await state()).toBe('failed'));
  await tab.withdraw(refused.ok ? refused.value : '');
  expect(await state()).toBe('failed');
});

test('a prompt that waited in a chat that was deleted permanently meanwhile is not asked, and does not bring it back', async () => {
  const tab = world.openTab();
  world.network.online = false;
  await tab.send(prompt('Why?'));
  await world.idle();
  await world.purgeChat();
  world.network.online = true;
  await tab.wake();
  expect(server.prompts).toEqual([]);
  expect(await world.waiting()).toEqual([]);
  expect(await world.purgeChat()).toBe(0);
});

test('answers in chats that are about to be deleted permanently are stopped and kept first, and bring none back', async () => {
  const tab = world.openTab();
  const gate = createGate();
  server.next(stream([...words('because '), end()], { gate }));
  await tab.send(prompt('Why?'));
  await eventually(() => expect([...tab.running.value.values()].map(({ text }) => text)).toEqual(['because ']));
  await tab.stopIn([CHAT]);
  expect((await world.messages()).map(({ text, state }) => [text, state])).toEqual([
    ['Why?', 'complete'],
    ['because ', 'partial'],
  ]);
  expect(await world.purgeChat()).toBe(1);
  gate.open();
  await world.idle();
  expect(await world.purgeChat()).toBe(0);
});

test.each([true, false])(
  'an answer that streams into a chat which another tab deletes permanently ends, and brings no chat back: news received: %s',
  async (heard) => {
    const tab = world.openTab();
    world.news.heard = heard;
    const gate = createGate();
    server.next(stream([...words('because of '), ...words('light')], { gate }));
    await tab.send(prompt('Why?'));
    await eventually(() => expect([...tab.running.value.values()].map(({ text }) => text)).toEqual(['because of ']));
    expect(await world.purgeChat()).toBe(1);
    // Learned of, it ends at once; otherwise with the next piece that is to be saved.
    if (!heard) gate.open();
    await world.idle();
    expect(tab.running.value.size).toBe(0);
    expect(await world.purgeChat(), 'there is nothing to delete').toBe(0);
    expect(tab.saveState.value.type).toBe('saved');
    gate.open();
  },
);

test('a prompt that fails after its chat was deleted permanently does not bring the chat back', async () => {
  const tab = world.openTab();
  const gate = createGate();
  server.next(async (response, request) => {
    await gate.opened;
    await refuse(500, 'no')(response, request);
  });
  await tab.send(prompt('Why?'));
  await eventually(() => expect(server.prompts).toEqual(['Why?']));
  await world.purgeChat();
  gate.open();
  await world.idle();
  expect(await world.purgeChat()).toBe(0);
  expect(await world.waiting()).toEqual([]);
});

test('that a prompt is being asked is seen from another tab, until its answer is there', async () => {
  const [first, second] = [world.openTab(), world.openTab()];
  const sent = await first.send(prompt('Why?'));
  const id = sent.ok ? sent.value : '';
  expect(await second.isAskedElsewhere(id)).toBe(true);
  await settled(2);
  await world.idle();
  expect(await second.isAskedElsewhere(id)).toBe(false);
});

test('a network that is back only in name leaves it waiting, and it is tried again later', async () => {
  const tab = world.openTab();
  world.network.online = false;
  await tab.send(prompt('Why?'));
  await world.idle();
  expect(await world.waiting()).toHaveLength(1);
  await server.close();
  world.network.online = true;
  await tab.wake();
  expect((await world.messages())[0]).toMatchObject({ state: 'waiting', failure: null });
  expect(world.timers.map(({ ms }) => ms)).toContain(5000);
});

test('a network that comes back in the middle of a failing request does not strand the prompt', async () => {
  const tab = world.openTab();
  world.network.online = false;
  await tab.send(prompt('Why?'));
  world.network.online = true;
  await tab.wake();
  await world.idle();
  for (const { fire } of world.timers.splice(0)) fire();
  await settled(2);
  expect(server.prompts).toEqual(['Why?']);
});

test('a refusal is at the prompt, and asking again makes a new try', async () => {
  server.next(refuse(429, 'slow down'));
  const tab = world.openTab();
  await tab.send(prompt('Why?'));
  const failed = await eventually(async () => {
    const [message] = await world.messages();
    expect(message?.state).toBe('failed');
    return message;
  });
  expect(failed?.failure).toMatchObject({ type: 'TooManyRequests', message: 'slow down' });
  expect(tab.isAnswered(failed?.id ?? '')).toBe(false);
  await tab.ask(failed?.id ?? '');
  const [question] = await settled(2);
  expect(question?.failure).toBeNull();
});

test('asking again while the store worker is lost asks all the same', async () => {
  const tab = world.openTab();
  server.next(refuse(429, 'slow down'));
  await tab.send(prompt('Why?'));
  await world.idle();
  const [failed] = await world.messages();
  world.worker.lost = 1;
  await tab.ask(failed?.id ?? '');
  expect((await settled(2)).map(({ role }) => role)).toEqual(['user', 'assistant']);
});

test('a stopped answer keeps what came, and a second try is beside it', async () => {
  const gate = createGate();
  server.next(stream([...words('one two '), end()], { gate }));
  const tab = world.openTab();
  const sent = await tab.send(prompt('Count'));
  if (!sent.ok) throw new Error('not sent');
  await eventually(() => expect(tab.running.value.get(sent.value)?.text).toBe('one two '));
  tab.stop(sent.value);
  await eventually(async () => expect((await world.messages())[1]?.failure).toEqual({ type: 'Stopped' }));
  gate.open();
  expect((await world.messages())[1]).toMatchObject({ state: 'partial', text: 'one two ' });
  await tab.ask(sent.value);
  const messages = await world.messages();
  expect(messages.map(({ follows }) => follows)).toEqual([null, sent.value, sent.value]);
});

test('a prompt that is stopped before it is committed is not asked, until it is asked again', async () => {
  const tab = world.openTab();
  const end = tab.running.subscribe((running) => {
    for (const promptId of running.keys()) tab.stop(promptId);
  });
  const sent = await tab.send(prompt('Count'));
  await world.idle();
  end();
  expect(await world.messages()).toMatchObject([{ text: 'Count', state: 'failed', failure: { type: 'Stopped' } }]);
  expect(server.prompts).toEqual([]);
  await tab.ask(sent.ok ? sent.value : '');
  expect(server.prompts).toEqual(['Count']);
});

test('what has come is handed over when the page may end', async () => {
  const gate = createGate();
  server.next(stream([...words('one two three '), end()], { gate }));
  const tab = world.openTab();
  const sent = await tab.send(prompt('Count'));
  if (!sent.ok) throw new Error('not sent');
  await eventually(() => expect(tab.running.value.get(sent.value)?.text).toBe('one two three '));
  tab.saveAll();
  for (const { ms, fire } of [...world.timers]) if (ms < 1000) fire();
  await eventually(async () => expect((await world.messages())[1]).toMatchObject({ text: 'one two three ', state: 'partial' }));
  gate.open();
  await settled(2);
});

test('while pieces of an answer are on the screen and not committed, nothing is called saved', async () => {
  const gate = createGate();
  server.next(stream([...words('one two three '), end()], { gate }));
  const tab = world.openTab();
  const sent = await tab.send(prompt('Count'));
  if (!sent.ok) throw new Error('not sent');
  await eventually(() => expect(tab.running.value.get(sent.value)?.text).toBe('one two three '));
  expect(['dirty', 'saving']).toContain(tab.saveState.value.type);
  // Within the pace of typing it is saved, and only then it is called so.
  await eventually(async () => {
    for (const { ms, fire } of [...world.timers]) if (ms <= 250) fire();
    expect(tab.saveState.value.type).toBe('saved');
  });
  expect((await world.messages())[1]).toMatchObject({ text: 'one two three ', state: 'partial' });
  gate.open();
  await settled(2);
});

test('the title is the first prompt, and the whole way to the prompt goes along', async () => {
  const tab = world.openTab();
  await tab.send(prompt('# What is light?\nshort'));
  const [, answer] = await settled(2);
  await tab.send(prompt('And dark?', answer?.id ?? null));
  await settled(4);
  const body = JSON.parse(server.requests.at(-1)?.body ?? '{}');
  expect(body.messages.map(({ role }: { readonly role: string }) => role)).toEqual(['user', 'assistant', 'user']);
});

test('a prompt that failed does not spoil the chat: what is sent next alternates', async () => {
  server.next(refuse(500, 'no'));
  const tab = world.openTab();
  const sent = await tab.send(prompt('One?'));
  await eventually(async () => expect((await world.messages())[0]?.state).toBe('failed'));
  await tab.send(prompt('Two?', sent.ok ? sent.value : null));
  await eventually(async () => expect((await world.messages()).at(-1)).toMatchObject({ role: 'assistant', state: 'complete' }));
  const body = JSON.parse(server.requests.at(-1)?.body ?? '{}');
  expect(body.messages).toEqual([{ role: 'user', content: 'One?\n\nTwo?' }]);
});

test('a field that the server refuses is left out from then on', async () => {
  const body = {
    object: 'error',
    message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra' }] },
  };
  server.next(play({ status: 422, body: JSON.stringify(body) }));
  const tab = world.openTab();
  const sent = await tab.send(prompt('One?'));
  await settled(2);
  await tab.ask(sent.ok ? sent.value : '');
  await settled(3);
  const asked = server.requests
    .filter(({ method }) => method === 'POST')
    .map((request) => 'stream_options' in JSON.parse(request.body));
  expect(asked).toEqual([true, false, false]);
});

test('why the answer ended and who gave it are kept with it, and thoughts apart from its text', async () => {
  const chunk = (delta: object, finish: string | null = null) =>
    JSON.stringify({ model: 'routed-to', choices: [{ delta, finish_reason: finish }] });
  server.next(stream([chunk({ content: '<think>Hm.' }), chunk({ content: '</think>It goes on and' }), chunk({}, 'length')]));
  await world.openTab().send(prompt('Why?'));
  const [, answer] = await settled(2);
  expect(answer).toMatchObject({ text: 'It goes on and', reasoning: 'Hm.', finish: 'length', model: 'routed-to' });
});

test('what turns out to be a thought leaves the text, also what has been saved of it', async () => {
  const gate = createGate();
  server.next(stream([piece({ content: 'First a.\n' }), piece({ content: '</think>\n\nThen b.' }), end()], { gate }));
  await world.openTab().send(prompt('Why?'));
  await eventually(async () => {
    for (const { ms, fire } of [...world.timers]) if (ms <= 250) fire();
    expect((await world.messages())[1]).toMatchObject({ text: 'Then b.', reasoning: 'First a.' });
  });
  gate.open();
  expect((await settled(2))[1]).toMatchObject({ text: 'Then b.', reasoning: 'First a.' });
});

test('a tab never takes its own prompt for that of another one', async () => {
  const tab = world.openTab();
  const gate = createGate();
  server.next(stream([...words('because '), end()], { gate }));
  const sent = await tab.send(prompt('Why?'));
  const id = sent.ok ? sent.value : '';
  await eventually(() => expect(server.prompts).toEqual(['Why?']));
  expect(await tab.isAskedElsewhere(id)).toBe(false);
  // Asked again meanwhile, it is left alone, and still its own.
  await tab.ask(id);
  expect(await tab.isAskedElsewhere(id)).toBe(false);
  gate.open();
  await settled(2);
  expect(await tab.isAskedElsewhere(id)).toBe(false);
});

test('a client that throws leaves a failure at the prompt, not a wait', async () => {
  const tab = world.openTab(() => {
    throw new TypeError('broken');
  });
  await tab.send(prompt('Why?'));
  const failed = await eventually(async () => {
    const [message] = await world.messages();
    expect(message?.state).toBe('failed');
    return message;
  });
  expect(failed?.failure).toEqual({ type: 'AskFailed', reason: 'TypeError: broken' });
  expect(tab.running.value.size).toBe(0);
});
