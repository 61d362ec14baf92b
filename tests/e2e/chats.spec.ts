/** Chats as a person has them: with a model that streams, is slow, breaks off, refuses; online, offline, after a reload. */
import { expect, type Locator, type Page } from '@playwright/test';
import { enterByCode, expectSyncState, openApp, readRecoveryCode, undoButton, waitForServiceWorker } from '#support/app-page.ts';
import {
  answers,
  ask,
  chatInList,
  messageField,
  newChat,
  openChat,
  prompts,
  setEndpoint,
  setKey,
  stopButton,
  testConnection,
} from '#support/chats-page.ts';
import { pick } from '#support/files-page.ts';
import { test } from '#support/model-test.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import { createGate, end, failure, piece, refuse, startOpenAiServer, stream, usage, words } from '#support/openai-server.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const leaf = { name: 'leaf.png', type: 'image/png', bytes: Buffer.from(PNG, 'base64') };
const conversation = (page: Page): Locator => page.getByRole('region', { name: 'Conversation' });
const scrollTop = (page: Page): Promise<number> => conversation(page).evaluate((element) => Math.round(element.scrollTop));

/** Where it is scrolled to once a wheel has come to rest. */
async function restingTop(page: Page): Promise<number> {
  let top = await scrollTop(page);
  const isAtRest = async (): Promise<boolean> => {
    const before = top;
    top = await scrollTop(page);
    return top === before;
  };
  await expect.poll(isAtRest, { intervals: [200] }).toBe(true);
  return top;
}
const isAtEnd = (page: Page): Promise<boolean> =>
  conversation(page).evaluate(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - scrollTop - clientHeight < 2);
const unsentImage = (page: Page): Locator =>
  page.getByRole('list', { name: 'Files to send' }).getByRole('button', { name: 'Remove leaf.png' });

test('a prompt is asked, its answer streams in, and all of it is there after a reload', async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);

  const gate = createGate();
  const code = '```python\ndef light():\n    return "sugar"\n```\n';
  model.next(
    stream(
      [
        piece({ reasoning_content: 'Plants…' }),
        ...words('Water **in**, 🌱 out. '),
        piece({ content: `\n\n${code}` }),
        end(),
        usage(42),
      ],
      { gate },
    ),
  );
  await ask(page, 'How does a leaf work?');
  await expect(prompts(page)).toHaveText(/How does a leaf work\?/);
  await expect(answers(page)).toContainText('Water in, 🌱 out.');
  await expect(stopButton(page)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeHidden();
  gate.open();
  await expect(answers(page)).toContainText('42 tokens');
  await expect(answers(page).locator('.hljs-keyword').first()).toHaveText('def');
  await expect(answers(page).getByText('Plants…')).toBeHidden();
  await answers(page).getByText('Thought process').click();
  await expect(answers(page).getByText('Plants…')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Chat title' })).toHaveValue('How does a leaf work?');

  await page.reload();
  await expect(answers(page)).toContainText('Water in, 🌱 out.');
  await expect(answers(page)).toContainText('42 tokens');
  await expect(chatInList(page, 'How does a leaf work?')).toBeVisible();
  expect(model.prompts).toEqual(['How does a leaf work?']);
  // The first model of the server was asked, and the whole conversation goes along.
  await ask(page, 'And at night?');
  await expect(answers(page).last()).toContainText('You said: And at night?');
  const last = model.requests.findLast(({ method, path }) => method === 'POST' && path.endsWith('/completions'));
  expect(JSON.parse(last?.body ?? '{}')).toMatchObject({
    model: 'tiny-1',
    messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user', content: 'And at night?' }],
  });
});

test('an answer is stopped, asked again beside the first, and an edited prompt opens a branch', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);

  const gate = createGate();
  model.next(stream([...words('First half '), end()], { gate }), stream([...words('Second, whole.'), end()]));
  await ask(page, 'Tell me');
  await expect(answers(page)).toContainText('First half');
  const beside = await context.newPage();
  await beside.goto(page.url());
  await expect(answers(beside)).toContainText('The answer comes in another tab…');
  await stopButton(page).click();
  await expect(answers(beside)).toContainText('Stopped');
  await beside.close();
  await expect(answers(page)).toContainText('Stopped');
  gate.open();
  await answers(page).getByRole('button', { name: 'Retry' }).click();
  await expect(answers(page)).toContainText('Second, whole.');
  await expect(answers(page)).toContainText('2/2');
  await answers(page).getByRole('button', { name: 'Previous version' }).click();
  await expect(answers(page)).toContainText('First half');
  await answers(page).getByRole('button', { name: 'Next version' }).click();

  await messageField(page).fill('half a thought');
  await prompts(page).getByRole('button', { name: 'Edit and resend' }).click();
  await page.getByRole('textbox', { name: 'Edited prompt' }).fill('Tell me more');
  await page.getByRole('button', { name: 'Resend' }).click();
  await expect(answers(page)).toContainText('You said: Tell me more');
  await expect(prompts(page)).toContainText('2/2');
  await expect(page.getByText('The earlier version and its 1 message are kept: 1/2')).toBeVisible();
  await page.getByRole('button', { name: 'Show it' }).click();
  await expect(prompts(page)).toContainText('1/2');
  await expect(answers(page)).toContainText('Second, whole.');
  // The version that was chosen is the one that is shown the next time.
  await expect(page.locator('[data-save-state="saved"]')).toBeVisible();
  await page.reload();
  await expect(answers(page)).toContainText('Second, whole.');
  await expect(messageField(page)).toHaveValue('half a thought');
  expect(model.prompts).toEqual(['Tell me', 'Tell me', 'Tell me more']);
});

test('Enter while an answer comes in sends when it has ended, unless one writes on', async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  const [first, second, third] = [createGate(), createGate(), createGate()];
  model.next(
    stream([...words('One, '), end()], { gate: first }),
    stream([...words('Two, '), end()], { gate: second }),
    async (response, request) => {
      await third.opened;
      await refuse(403, 'Not that')(response, request);
    },
  );
  await ask(page, 'Say one');
  await expect(answers(page)).toContainText('One, ');
  await ask(page, 'Say two');
  const waits = page.getByText('Sent when the answer has ended.');
  await expect(waits).toBeVisible();
  await expect(messageField(page)).toHaveValue('Say two');
  first.open();
  await expect(answers(page).last()).toContainText('Two, ');
  await expect(messageField(page)).toHaveValue('');
  await expect(waits).toBeHidden();
  // It comes after the answer, not beside it.
  await expect(prompts(page)).toHaveText([/Say one/, /Say two/]);
  await expect(answers(page).first()).toContainText('One, ');

  for (const back of [() => page.getByRole('button', { name: 'Not yet' }).click(), () => page.keyboard.type(' times')]) {
    await ask(page, 'Say three');
    await expect(waits).toBeVisible();
    await back();
    await expect(waits).toBeHidden();
  }
  second.open();
  await expect(stopButton(page)).toBeHidden();
  await expect(messageField(page)).toHaveValue('Say three times');
  await messageField(page).press('Enter');
  await ask(page, 'Say four');
  await expect(waits).toBeVisible();
  third.open();
  await expect(prompts(page).getByRole('alert')).toContainText('Not that');
  await expect(stopButton(page)).toBeHidden();
  await expect(waits).toBeHidden();
  await expect(messageField(page)).toHaveValue('Say four');
  expect(model.prompts).toEqual(['Say one', 'Say two', 'Say three times']);
});

test('a reload in the middle of an answer keeps what had arrived, as interrupted, also on another device', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser('first');
  const page = await openApp(context);
  const code = await readRecoveryCode(page);
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  // A reader at the end sees the answer grow; one who scrolls up stays where they read, until they ask for the end.
  const [first, second, third] = [createGate(), createGate(), createGate()];
  const part = (title: string): string => `## ${title}\n\n${'A line of the story.\n\n'.repeat(40)}`;
  model.next(async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [title, gate] of [
      ['One', first],
      ['Two', second],
      ['What had arrived by then', third],
    ] as const) {
      response.write(`data: ${piece({ content: part(title) })}\n\n`);
      await gate.opened;
    }
    response.destroy();
  });
  await ask(page, 'A long story');
  const toEnd = page.getByRole('button', { name: 'Latest' });
  await expect.poll(() => scrollTop(page)).toBeGreaterThan(500);
  await expect.poll(() => isAtEnd(page)).toBe(true);
  await expect(toEnd).toBeHidden();
  await conversation(page).hover();
  await page.mouse.wheel(0, -400);
  await expect(toEnd).toBeVisible();
  const read = await restingTop(page);
  first.open();
  await expect(answers(page).getByRole('heading', { name: 'Two' })).toBeAttached();
  await expect.poll(() => isAtEnd(page)).toBe(false);
  expect(await scrollTop(page)).toBe(read);
  await toEnd.click();
  await expect.poll(() => isAtEnd(page)).toBe(true);
  second.open();
  await expect(answers(page).getByRole('heading', { name: 'What had arrived by then' })).toBeAttached();
  await expect.poll(() => isAtEnd(page)).toBe(true);
  await page.mouse.wheel(0, -300);
  await expect(toEnd).toBeVisible();
  const left = await restingTop(page);
  await page.reload();
  await expect(answers(page)).toContainText('What had arrived by then');
  await expect(answers(page)).toContainText('Interrupted');
  await expect.poll(() => scrollTop(page)).toBe(left);
  await expect(toEnd).toBeVisible();
  await expectSyncState(page, 'synced', 'Synced');

  const elsewhere = await openBrowser('second');
  const there = await openApp(elsewhere.context);
  await enterByCode(there, code, 'Keep it apart');
  await there.goto('/chats');
  await chatInList(there, 'A long story').click();
  await expect(answers(there)).toContainText('What had arrived by then');
  await expect(answers(there)).toContainText('Interrupted');

  third.open();
  // As a person comes to it: what a test scrolls into view is scrolled back to where the chat was left.
  await conversation(page).hover();
  await page.mouse.wheel(0, 5000);
  await expect(toEnd).toBeHidden();
  await answers(page).getByRole('button', { name: 'Retry' }).click();
  await expect(answers(page)).toContainText('You said: A long story');
  await expect(answers(there)).toContainText('You said: A long story');
});

test('a chat stays where anything at all has scrolled it; Latest lies beside its words, and moves nothing', async ({
  openBrowser,
  model,
}) => {
  const page = await openApp((await openBrowser()).context);
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  await page.setViewportSize({ width: 390, height: 844 });
  model.next(
    stream([...words(`${'A line of the story that is as long as the column is wide. '.repeat(400)}\n\nThe end.`), end()]),
  );
  await ask(page, 'A long story');
  await expect(answers(page)).toContainText('The end.');
  await expect.poll(() => isAtEnd(page)).toBe(true);
  const toEnd = page.getByRole('button', { name: 'Latest' });
  const before = await conversation(page).boundingBox();
  // As the browser's own find does it, and a screen reader: nothing is pressed, and no wheel turns.
  const scrollBy = (px: number): Promise<void> => conversation(page).evaluate((element, by) => element.scrollBy(0, by), px);
  const grow = async (): Promise<void> => {
    await page.setViewportSize({ width: 380, height: 800 });
    await page.setViewportSize({ width: 390, height: 844 });
    await messageField(page).pressSequentially('ab');
  };
  await scrollBy(-900);
  await expect(toEnd).toBeVisible();
  expect(await conversation(page).boundingBox()).toEqual(before);
  const [button, text] = await Promise.all([toEnd.boundingBox(), answers(page).locator('p').first().boundingBox()]);
  expect((text?.x ?? 0) + (text?.width ?? 0)).toBeLessThanOrEqual(button?.x ?? 0);
  await grow();
  await expect.poll(() => isAtEnd(page)).toBe(false);
  const first = await restingTop(page);
  await expect(page.locator('[data-save-state="saved"]')).toBeVisible();

  await page.reload();
  await expect(answers(page)).toContainText('The end.');
  await expect.poll(() => scrollTop(page)).toBe(first);
  await scrollBy(-700);
  const second = await restingTop(page);
  expect(second).toBe(first - 700);
  await messageField(page).pressSequentially('cd');
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await restingTop(page)).toBe(second);
  await toEnd.click();
  await expect.poll(() => isAtEnd(page)).toBe(true);
  await expect(toEnd).toBeHidden();
});

test('offline a prompt waits, survives a reload, and is asked exactly once by two tabs when the network returns', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await setEndpoint(page, model.endpoint);
  // The model comes from the settings: nothing needs to be asked before the prompt is.
  await page.getByRole('combobox', { name: 'Model' }).fill('tiny-1');
  await page.getByRole('combobox', { name: 'Model' }).blur();
  await newChat(page);
  await context.setOffline(true);
  await ask(page, 'Are you there?');
  await expect(prompts(page)).toContainText('Waits for the network on this device');
  await page.reload();
  await expect(prompts(page)).toContainText('Waits for the network on this device');
  const other = await openApp(context, new URL(page.url()).pathname);
  await expect(prompts(other)).toContainText('Waits for the network on this device');
  expect(model.prompts).toEqual([]);

  await context.setOffline(false);
  await expect(answers(page)).toContainText('You said: Are you there?');
  await expect(answers(other)).toContainText('You said: Are you there?');
  await page.reload();
  await expect(answers(page)).toHaveCount(1);
  expect(model.prompts).toEqual(['Are you there?']);
});

test('what is typed and not sent survives a kill, for each chat', async ({ openBrowser, model }) => {
  const first = await openBrowser();
  const page = await openApp(first.context);
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  await ask(page, `One${'\nand a line'.repeat(100)}`);
  await expect(answers(page)).toContainText('You said: One');
  await messageField(page).fill('half a thought');
  await page.getByRole('region', { name: 'Conversation' }).hover();
  await page.mouse.wheel(0, -700);
  await expect(page.getByRole('button', { name: 'Latest' })).toBeVisible();
  const top = await restingTop(page);
  expect(top).toBeGreaterThan(0);
  await newChat(page);
  await expect(messageField(page)).toHaveValue('');
  await messageField(page).fill('another one');
  await pick(page, [leaf]);
  await expect(unsentImage(page)).toBeVisible();
  await expect(page.locator('[data-save-state="saved"]')).toBeVisible();
  await first.kill();

  const again = await openBrowser();
  const reopened = await openApp(again.context, '/chats/new');
  await expect(messageField(reopened)).toHaveValue('another one');
  await expect(unsentImage(reopened)).toBeVisible();
  await chatInList(reopened, 'One').click();
  await expect(messageField(reopened)).toHaveValue('half a thought');
  await expect.poll(() => scrollTop(reopened)).toBe(top);
  await expect(unsentImage(reopened)).toBeHidden();
});

test('each way to fail is reported with a next step', async ({ openBrowser, model }) => {
  const gate = createGate();
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  model.next(
    refuse(429, 'slow down', { 'retry-after': '9' }),
    refuse(404, "model 'large-1' not found"),
    stream([...words('Half an '), failure('out of memory')]),
    // A stream that breaks drops what was not read yet: the break waits until the words are on the screen.
    stream(words('Cut in the middle'), { ends: 'cut', gate }),
  );
  await ask(page, 'Hello');
  await expect(prompts(page).getByRole('alert')).toContainText('Try again in 9 seconds');
  await prompts(page).getByRole('button', { name: 'Retry' }).click();
  await expect(prompts(page).getByRole('alert')).toContainText('does not have this model');
  await prompts(page).getByRole('button', { name: 'Retry' }).click();
  await expect(answers(page)).toContainText('Half an');
  await expect(answers(page).getByRole('alert')).toContainText('out of memory');
  await answers(page).getByRole('button', { name: 'Retry' }).click();
  await expect(answers(page)).toContainText('Cut in the');
  gate.open();
  await expect(answers(page).getByRole('alert')).toContainText('The answer was cut off');
});

test('Test connection explains a wrong key, CORS, an insecure address, a wrong path and a server that is not there', async ({
  openBrowser,
}) => {
  const strict = await startOpenAiServer({ key: 'right' });
  const closed = await startOpenAiServer({ cors: false });
  const gone = await startOpenAiServer();
  await gone.close();
  const { context } = await openBrowser();
  const page = await openApp(context);
  const problem = page.getByRole('main').getByRole('alert');

  await setEndpoint(page, strict.endpoint);
  await testConnection(page);
  await expect(problem).toContainText('A key is needed');
  await setKey(page, 'wrong');
  await testConnection(page);
  await expect(problem).toContainText('The key is not accepted');
  await setKey(page, 'right');
  await testConnection(page);
  await expect(page.getByText('It works: the server offers 2 models.')).toBeVisible();

  await setEndpoint(page, closed.endpoint);
  await testConnection(page);
  await expect(problem).toContainText('The key belongs to another address');
  await page.getByRole('button', { name: 'Remove key' }).click();
  await expect(page.getByText('The key is removed.')).toBeVisible();
  await testConnection(page);
  await expect(problem).toContainText('does not allow this page (CORS)');

  await setEndpoint(page, gone.endpoint);
  await testConnection(page);
  await expect(problem).toContainText('Nothing answers at this address');
  await setEndpoint(page, `${closed.origin}/wrong`);
  await page.getByRole('textbox', { name: 'Address' }).fill('http://192.168.1.9:1234/v1');
  await page.getByRole('textbox', { name: 'Address' }).blur();
  await expect(problem).toContainText('The browser blocks this address');
  await setEndpoint(page, `${strict.origin}/elsewhere`);
  await setKey(page, 'right');
  await testConnection(page);
  await expect(problem).toContainText('no OpenAI-compatible server');
  await strict.close();
  await closed.close();
});

test('an image goes along, and one comes back', async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  await pick(page, [leaf]);
  await expect(unsentImage(page)).toBeVisible();
  model.next(
    stream([
      piece({ content: 'Here', images: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }] }),
      end(),
    ]),
  );
  await ask(page, 'Look');
  await expect(answers(page).getByRole('img', { name: 'Generated image' })).toBeVisible();
  const body = JSON.parse(model.requests.findLast(({ path }) => path.endsWith('/completions'))?.body ?? '{}');
  expect(body.messages[0].content).toEqual([
    { type: 'text', text: 'Look' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
  ]);
  await page.reload();
  await expect(prompts(page).getByRole('img', { name: 'leaf.png' })).toBeVisible();
  await expect(answers(page).getByRole('img', { name: 'Generated image' })).toBeVisible();
});

test('a chat is starred, found, exported, thrown away and brought back', async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  await ask(page, 'First words');
  await expect(answers(page)).toContainText('You said: First words');
  await page.getByRole('button', { name: 'Star', exact: true }).click();
  await expect(chatInList(page, 'First words').getByRole('img', { name: 'Starred' })).toBeVisible();
  await page.getByRole('button', { name: 'Find in this chat' }).click();
  await page.getByRole('searchbox', { name: 'Find in this chat' }).fill('said');
  await expect(page.getByText('1 of 1')).toBeVisible();
  const marks = (): Promise<number> => page.evaluate(() => CSS.highlights.get('found')?.size ?? 0);
  await expect.poll(marks).toBe(1);
  await page.keyboard.press('Escape');
  await expect.poll(marks).toBe(0);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Chat actions' }).click();
  await page.getByRole('menuitem', { name: 'Download as Markdown' }).click();
  expect((await download).suggestedFilename()).toBe('First words.md');

  await page.getByRole('button', { name: 'Chat actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to bin' }).click();
  await expect(chatInList(page, 'First words')).toBeHidden();
  await undoButton(page).click();
  await expect(answers(page)).toContainText('You said: First words');
});

test('a chat that is deleted permanently while its answer streams in is gone, and stays gone', async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  const gate = createGate();
  model.next(stream([...words('First half '), end()], { gate }));
  await ask(page, 'Tell me');
  await expect(answers(page)).toContainText('First half');
  await page.getByRole('button', { name: 'Chat actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to bin' }).click();
  await page.getByRole('link', { name: 'Bin', exact: true }).click();
  await page.getByRole('button', { name: 'Delete permanently: Tell me' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(page.getByText('The bin is empty.')).toBeVisible();
  gate.open();
  await expectSyncState(page, 'synced');
  await page.reload();
  await expectSyncState(page, 'synced');
  await expect(page.getByText('The bin is empty.')).toBeVisible();
});

test('a chat that another tab deletes permanently while its answer streams in is gone, and stays gone', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser();
  const left = await openChat(context, model.endpoint);
  const gate = createGate();
  const ended = Promise.withResolvers<void>();
  model.next(async (response, request) => {
    response.on('close', () => ended.resolve());
    await stream([...words('First half '), ...words('second half')], { gate })(response, request);
  });
  await ask(left, 'Tell me');
  await expect(answers(left)).toContainText('First half');
  const right = await context.newPage();
  await right.goto('/chats');
  await chatInList(right, 'Tell me').click();
  await expect(answers(right)).toContainText('First half');
  await right.getByRole('button', { name: 'Chat actions' }).click();
  await right.getByRole('menuitem', { name: 'Move to bin' }).click();
  await right.getByRole('link', { name: 'Bin', exact: true }).click();
  await right.getByRole('button', { name: 'Delete permanently: Tell me' }).click();
  await right
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(right.getByText('The bin is empty.')).toBeVisible();
  // The left tab ends its request by itself.
  await ended.promise;
  gate.open();
  await expect(stopButton(left)).toBeHidden();
  await expectSyncState(left, 'synced');
  for (const page of [left, right]) {
    await page.goto('/chats/bin');
    await expectSyncState(page, 'synced');
    await expect(page.getByText('The bin is empty.')).toBeVisible();
    await page.goto('/chats');
    await expect(chatInList(page, 'Tell me')).toHaveCount(0);
  }
});

test('the panel and the settings of the model server have no accessibility violation, light and dark', async ({
  openBrowser,
  model,
}) => {
  test.slow();
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  model.next(
    stream([
      piece({ reasoning: 'Hm.' }),
      ...words('An *answer* with `code`.\n\n```js\nconst a = "b"; // c\n```\n'),
      end(),
      usage(3),
    ]),
  );
  await ask(page, 'Question');
  await expect(answers(page)).toContainText('3 tokens');
  const chat = new URL(page.url()).pathname;
  for (const path of [chat, '/chats/new', '/chats/bin', '/settings/model-server']) {
    await page.goto(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
    if (path === chat) await expect(answers(page)).toContainText('3 tokens');
    await expectNoViolation(page, path);
  }
});
