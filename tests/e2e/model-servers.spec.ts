/** Chats with model servers as they are: what they answer, refuse and list, played by a real server. */
import { expect, type Page } from '@playwright/test';
import { openApp } from '#support/app-page.ts';
import { answers, ask, newChat, openChat, prompts, setEndpoint, setKey, testConnection } from '#support/chats-page.ts';
import { test } from '#support/model-test.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import {
  createGate,
  end,
  type OpenAiServer,
  piece,
  play,
  refuse,
  startOpenAiServer,
  stream,
  words,
} from '#support/openai-server.ts';
import { events } from '#support/shapes/shape.ts';

const thoughts = (page: Page) => answers(page).locator('details').last();
const lastBody = ({ requests }: OpenAiServer) => JSON.parse(requests.findLast(({ method }) => method === 'POST')?.body ?? '{}');

test('thoughts in the text go under Thought process while they stream in, and are neither copied, searched nor sent back', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  const gate = createGate();
  model.next(stream([piece({ content: '<th' }), piece({ content: 'ink>\nThe user asks **2+2**.' }), end()], { gate }));
  await ask(page, 'Sum');
  await expect(thoughts(page)).toContainText('Thought process');
  await expect(answers(page)).not.toContainText('<th');
  gate.open();
  await expect(answers(page)).toContainText('The model thought, and gave no answer.');

  model.next(
    stream([piece({ content: '<think>\nThe user asks **2+2**.' }), piece({ content: '\n</think>\n\nFour.' }), end()]),
    stream([piece({ content: 'Five.' }), end()]),
  );
  await answers(page).getByRole('button', { name: 'Ask again' }).click();
  await expect(answers(page).locator('answer-text')).toHaveText('Four.');
  await thoughts(page).getByText('Thought process').click();
  await expect(thoughts(page)).toContainText('The user asks **2+2**.');
  await answers(page).getByRole('button', { name: 'Copy', exact: true }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('Four.');
  await page.getByRole('button', { name: 'Find in this chat' }).click();
  await page.getByRole('searchbox', { name: 'Find in this chat' }).fill('user asks');
  await expect(page.getByText('Not found')).toBeVisible();
  await page.keyboard.press('Escape');
  await ask(page, 'And one more?');
  await expect(answers(page).last()).toContainText('Five.');
  expect(lastBody(model).messages).toEqual([
    { role: 'user', content: 'Sum' },
    { role: 'assistant', content: 'Four.' },
    { role: 'user', content: 'And one more?' },
  ]);
});

test('an answer that its limit has cut off says so and goes on with Continue; a refusal and a filter are shown', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  model.next(
    stream([...words('It goes on and'), end('length')]),
    stream([...words('comes to its end.'), end()]),
    stream([piece({ refusal: 'I cannot help with that.' }), end()]),
    stream([...words('It be'), end('content_filter')]),
  );
  await ask(page, 'A long story');
  await expect(answers(page)).toContainText('reached the limit of tokens');
  await page.reload();
  await answers(page).getByRole('button', { name: 'Continue' }).click();
  await expect(answers(page).last()).toContainText('comes to its end.');
  await expect(page.getByRole('button', { name: 'Continue' })).toHaveCount(0);
  expect(lastBody(model).messages.map(({ role }: { readonly role: string }) => role)).toEqual(['user', 'assistant', 'user']);
  await ask(page, 'Something else');
  await expect(answers(page).last()).toContainText('I cannot help with that.');
  await expect(answers(page).last()).toContainText('The model declined to answer.');
  await ask(page, 'Then that');
  await expect(answers(page).last()).toContainText('It be');
  await expect(answers(page).last()).toContainText('The content filter of the server ended this answer.');
});

test('a key is cleaned or refused where it is entered, and what was waited for has an end', async ({ openBrowser }) => {
  const strict = await startOpenAiServer({ key: 'sk-abcdef' });
  const { context } = await openBrowser();
  const page = await openApp(context);
  await setEndpoint(page, strict.endpoint);
  const form = page.getByRole('form', { name: 'API key' });
  await form.locator('input[type=password]').fill('sk-абв');
  await form.getByRole('button', { name: 'Save key' }).click();
  await expect(page.getByRole('alert')).toContainText('This cannot be a key. It has “а” (U+0430) in it');
  await setKey(page, ' export OPENAI_API_KEY="sk-abc\u200bdef" ');
  await testConnection(page);
  await expect(page.getByText('It works: the server offers 2 models.')).toBeVisible();
  await newChat(page);
  await ask(page, 'Hello');
  await expect(answers(page)).toContainText('You said: Hello');
  await strict.close();
});

test('an address keeps its query behind each path, and is read as it was pasted', async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await page.goto('/settings/model-server');
  const field = page.getByRole('textbox', { name: 'Address' });
  await field.fill(` POST ${model.endpoint}/chat/completions?api-version=2024-06-01, `);
  await field.blur();
  await expect(field).toHaveValue(`${model.endpoint}/chat/completions?api-version=2024-06-01`);
  await testConnection(page);
  await expect(page.getByText('It works: the server offers 2 models.')).toBeVisible();
  await newChat(page);
  await ask(page, 'Hello');
  await expect(answers(page)).toContainText('You said: Hello');
  expect(new Set(model.requests.filter(({ method }) => method !== 'OPTIONS').map(({ path }) => path))).toEqual(
    new Set(['/v1/models?api-version=2024-06-01', '/v1/chat/completions?api-version=2024-06-01']),
  );
});

test('with nothing chosen no model for embedding is asked, and the chat says who answered', async ({ openBrowser }) => {
  const model = await startOpenAiServer({ models: ['all-minilm:latest', 'llama3.2'] });
  const none = await startOpenAiServer({ modelsBody: '{"object":"list","data":null}' });
  const { context } = await openBrowser();
  const page = await openApp(context);
  await setEndpoint(page, none.endpoint);
  await testConnection(page);
  await expect(page.getByRole('alert')).toContainText('There is no model');
  await setEndpoint(page, model.endpoint);
  await newChat(page);
  await expect(page.locator('chat-bar summary')).toContainText('First model of the server');
  model.next(play({ body: events('{"model":"llama3.2","choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}') }));
  await ask(page, 'Hello');
  await expect(answers(page)).toContainText('Hi');
  expect(lastBody(model).model).toBe('llama3.2');
  await expect(page.locator('chat-bar summary')).toContainText('llama3.2');
  await expect(page.locator('chat-bar summary')).not.toContainText('First model');
  await model.close();
  await none.close();
});

test("the server's own words are shown, and only they or a 401 blame the key", async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await setEndpoint(page, model.endpoint);
  await setKey(page, 'sk-1');
  await newChat(page);
  model.next(
    play({ status: 400, body: '[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}]' }),
    refuse(403, 'Your input was flagged by moderation'),
    play({ status: 502, contentType: 'text/html', body: '<html><body><h1>502 Bad Gateway</h1></body></html>' }),
  );
  await ask(page, 'Hello');
  const alert = prompts(page).getByRole('alert');
  await expect(alert).toContainText('The key is not accepted');
  await expect(alert).toContainText('API key not valid');
  await prompts(page).getByRole('button', { name: 'Retry' }).click();
  await expect(alert).toContainText(
    'The server refused the request (403). Your prompt is kept. It says: “Your input was flagged by moderation”.',
  );
  await prompts(page).getByRole('button', { name: 'Retry' }).click();
  await expect(alert).toContainText('It says: “502 Bad Gateway”.');
});

test('one tab never says that the answer comes in another one, nor that it was interrupted', async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const look = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        const text = element.matches('.thinking, .note') ? (element.textContent ?? '') : '';
        if (/another tab|Interrupted/.test(text)) seen.push(text);
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    const watch = (): void => {
      look(document);
      requestAnimationFrame(watch);
    };
    watch();
  });
  for (let at = 1; at <= 6; at++) {
    model.next(
      play({
        contentType: 'application/json',
        body: JSON.stringify({ choices: [{ message: { content: `Answer ${at}` }, finish_reason: 'stop' }] }),
      }),
    );
    await ask(page, `Question ${at}`);
    await expect(answers(page).last()).toContainText(`Answer ${at}`);
  }
  expect(await page.evaluate(() => (window as unknown as { seen: readonly string[] }).seen)).toEqual([]);
});

test('a model is chosen from a menu, by keyboard and by touch: in the order of the server, those used last first', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser();
  const page = await openChat(context, model.endpoint);
  const options = page.getByRole('option');
  const field = page.getByRole('combobox', { name: 'Model' });
  const unfold = () => page.getByText('Model, instructions and tags').locator('..').click();
  await unfold();
  await field.click();
  await expect(options).toHaveText([/^\s*tiny-1/, /^\s*large-1/]);
  await expectNoViolation(page, 'the menu of models');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('large-1');
  await expect(options).toHaveCount(0);
  await ask(page, 'Who are you?');
  await expect(answers(page)).toContainText('You said');

  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(answers(page)).toHaveCount(0);
  await unfold();
  await field.click();
  await expect(options).toHaveText([/^\s*large-1\s*used lately/, /^\s*tiny-1/]);
  await field.fill('tin');
  await expect(options).toHaveText([/^\s*tiny-1/]);
  await options.first().click();
  await expect(field).toHaveValue('tiny-1');
  await page.keyboard.press('Escape');
  await expect(field).toHaveValue('tiny-1');
});
