/** Pictures and files in chats: how they go along, what a model answers with, and what becomes of both. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { enterAsDevice } from '#support/api-client.ts';
import {
  enterByCode,
  expectSaveState,
  expectSyncedSince,
  expectSyncState,
  openApp,
  readAccountKeys,
  readRecoveryCode,
  undoButton,
} from '#support/app-page.ts';
import { answers, ask, chatInList, messageField, newChat, prompts, setEndpoint } from '#support/chats-page.ts';
import { type BroughtFile, bring, drawnPicture, pick } from '#support/files-page.ts';
import { test } from '#support/model-test.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import { createGate, end, type OpenAiServer, piece, refuse, stream, words } from '#support/openai-server.ts';

const ARRIVAL_MS = 25_000;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const tray = (page: Page): Locator => page.getByRole('list', { name: 'Files to send' });
const sendButton = (page: Page): Locator => page.getByRole('button', { name: 'Send', exact: true });
const textFile = (name: string, text: string): BroughtFile => ({ name, type: 'text/plain', bytes: Buffer.from(text) });
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const dataUrl = (bytes: Uint8Array): string => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;
const png = async (page: Page, name: string, width = 64, height = 48): Promise<BroughtFile> => ({
  name,
  type: 'image/png',
  bytes: await drawnPicture(page, width, height),
});

/** Bytes are read when a picture is about to be seen. */
const isDrawn = (picture: Locator): Promise<void> =>
  expect
    .poll(() =>
      picture.evaluate((image) => {
        image.scrollIntoView({ block: 'nearest' });
        return image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0;
      }),
    )
    .toBe(true);

const lastContent = (model: OpenAiServer): unknown =>
  JSON.parse(
    model.requests.findLast(({ path, method }) => method === 'POST' && path.endsWith('/completions'))?.body ?? '{}',
  ).messages.at(-1).content;

async function openChat(page: Page, model: OpenAiServer): Promise<void> {
  await setEndpoint(page, model.endpoint);
  await newChat(page);
}

test('files that were picked, pasted and dropped go along, the text of a text with them, and are there on another device', async ({
  openBrowser,
  model,
}) => {
  test.setTimeout(120_000);
  const page = await openApp((await openBrowser('first')).context);
  await openChat(page, model);
  const leaf = await png(page, 'leaf.png');
  const root = await png(page, 'root.png', 32, 32);
  await pick(page, [leaf, textFile('notes.txt', 'Chlorophyll is green.')]);
  await bring(messageField(page), 'paste', [root]);
  await bring(messageField(page), 'drop', [{ name: 'talk.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7 x') }]);
  await expect(tray(page).getByRole('listitem')).toHaveCount(4);
  for (const name of ['leaf.png', 'notes.txt', 'root.png', 'talk.pdf']) await expect(tray(page)).toContainText(name);
  await expectNoViolation(page, 'files to send');
  const since = Date.now();
  await ask(page, 'What is this?');
  await expect(answers(page)).toContainText('You said');
  await expect(tray(page)).toBeHidden();
  expect(lastContent(model)).toEqual([
    {
      type: 'text',
      text: '<file name="notes.txt">\nChlorophyll is green.\n</file>\n\n<file name="talk.pdf">A file of type application/pdf, which is not included.</file>\n\nWhat is this?',
    },
    { type: 'image_url', image_url: { url: dataUrl(leaf.bytes) } },
    { type: 'image_url', image_url: { url: dataUrl(root.bytes) } },
  ]);
  await isDrawn(prompts(page).getByRole('img', { name: 'leaf.png' }));
  await expect(prompts(page).getByRole('group', { name: 'talk.pdf' })).toContainText('10 bytes');
  await expectNoViolation(page, 'a prompt with files');

  await page.reload();
  await isDrawn(prompts(page).getByRole('img', { name: 'leaf.png' }));
  await prompts(page).getByRole('button', { name: 'Open the picture: leaf.png' }).click();
  await expect(page.getByRole('dialog', { name: 'leaf.png' })).toBeVisible();
  await page.keyboard.press('Escape');

  await expectSyncedSince(page, since, ARRIVAL_MS);
  const code = await readRecoveryCode(page);
  const second = await openApp((await openBrowser('second')).context);
  await enterByCode(second, code, 'Keep it apart');
  await second.goto('/chats');
  await chatInList(second, 'What is this?').click();
  await isDrawn(prompts(second).getByRole('img', { name: 'leaf.png' }));
});

test('a draft keeps its files through a reload, in the chat where they were added', async ({ openBrowser, model }) => {
  const page = await openApp((await openBrowser()).context);
  await openChat(page, model);
  await ask(page, 'One');
  await expect(answers(page)).toContainText('You said: One');
  await pick(page, [await png(page, 'leaf.png'), textFile('notes.txt', 'x')]);
  await expect(tray(page).getByRole('listitem')).toHaveCount(2);
  const remove = page.getByRole('button', { name: 'Remove notes.txt' });
  await remove.click();
  await expect(tray(page).getByRole('listitem')).toHaveCount(1);
  await undoButton(page).click();
  await expect(tray(page).getByRole('listitem')).toHaveCount(2);
  await remove.click();
  await expect(tray(page).getByRole('listitem')).toHaveCount(1);
  await expectSaveState(page, 'saved');
  await page.reload();
  await expect(tray(page)).toContainText('leaf.png');
  await isDrawn(tray(page).locator('img'));
  await newChat(page);
  await expect(tray(page)).toBeHidden();
  await pick(page, [textFile('other.txt', 'y')]);
  await expect(tray(page)).toContainText('other.txt');
  await chatInList(page, 'One').click();
  await expect(tray(page)).toContainText('leaf.png');
  await expect(tray(page)).not.toContainText('other.txt');
  // Files alone are a message.
  await sendButton(page).click();
  await expect(prompts(page)).toHaveCount(2);
  await expect(answers(page)).toHaveCount(2);
  await page.reload();
  await expect(prompts(page)).toHaveCount(2);
  await expect(tray(page)).toBeHidden();
});

test('a file that is dropped over the messages goes along as well, and a copied prompt names its files', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await openApp(context);
  await openChat(page, model);
  const leaf = await png(page, 'leaf.png');
  await bring(page.getByRole('region', { name: 'Conversation' }), 'drop', [leaf]);
  await expect(page.getByRole('button', { name: 'Remove leaf.png' })).toBeVisible();
  await ask(page, 'What is it?');
  await expect(answers(page)).toContainText('You said');
  await prompts(page).getByRole('button', { name: 'Copy', exact: true }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(`What is it?\n\n![leaf.png](files/${hashOf(leaf.bytes)}.png)`);
});

test('what is refused is said, and the rest is added', async ({ openBrowser, model }) => {
  const page = await openApp((await openBrowser()).context);
  await openChat(page, model);
  await bring(messageField(page), 'drop', [
    textFile('empty.txt', ''),
    { name: 'broken.png', type: 'image/png', bytes: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') },
    textFile('long.txt', 'word '.repeat(30_000)),
    ...Array.from({ length: 20 }, (_, at) => textFile(`${at}.txt`, `${at}`)),
  ]);
  await expect(page.getByText('empty.txt was not added.')).toBeVisible();
  await expect(page.getByText(/a message takes 20 files at most/)).toBeVisible();
  const message = page.getByText(/It is kept as a file/);
  await expect(message).toBeVisible();
  // What is said lies over nothing that is written in.
  const [lowest, field] = [await message.boundingBox(), await tray(page).boundingBox()];
  expect((lowest?.y ?? 0) + (lowest?.height ?? 0)).toBeLessThan(field?.y ?? 0);
  await expect(tray(page).getByRole('listitem')).toHaveCount(19);
  await expect(tray(page).getByText('The model gets the first 100 kB.')).toHaveCount(1);
});

test('a table that an office program copies comes as its text', async ({ openBrowser, model }) => {
  const page = await openApp((await openBrowser()).context);
  await openChat(page, model);
  await messageField(page).evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'a\tb');
    clipboardData.setData('text/html', '<table></table>');
    clipboardData.items.add(new File(['x'], 'table.png', { type: 'image/png' }));
    field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, composed: true, clipboardData }));
  });
  await pick(page, [textFile('after.txt', 'x')]);
  await expect(tray(page).getByRole('listitem')).toHaveCount(1);
});

test('a large file shows how far it is, and can be stopped on the way', async ({ openBrowser, model, folder }) => {
  const page = await openApp((await openBrowser()).context);
  await openChat(page, model);
  const large = join(folder, 'large.bin');
  await writeFile(large, Buffer.alloc(90_000_000, 7));
  const pickLarge = async (): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add pictures or files' }).click();
    await (await chooser).setFiles(large);
  };
  await pickLarge();
  await expect(tray(page).getByRole('progressbar', { name: 'Adding large.bin' })).toBeVisible();
  await expect(sendButton(page)).toBeDisabled();
  await page.getByRole('button', { name: 'Cancel large.bin' }).click();
  await expect(tray(page)).toBeHidden();
  await pickLarge();
  await expect(page.getByRole('button', { name: 'Remove large.bin' })).toBeVisible();
  await expect(sendButton(page)).toBeEnabled();
});

test('a picture that a model sends is a file of this device: shown while it answers, after a reload, and when it is copied', async ({
  openBrowser,
  model,
}) => {
  const { context } = await openBrowser();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await openApp(context);
  await openChat(page, model);
  const leaf = await png(page, 'leaf.png');
  const gate = createGate();
  model.next(
    stream(
      [
        piece({ content: 'Here: ' }),
        piece({ images: [{ type: 'image_url', image_url: { url: dataUrl(leaf.bytes) } }] }),
        piece({ content: 'and more' }),
        end(),
      ],
      { gate },
    ),
  );
  await ask(page, 'Draw a leaf');
  await expect(answers(page)).toContainText('and more');
  await isDrawn(answers(page).getByRole('img', { name: 'Generated image' }));
  await expectSaveState(page, 'saved');
  // In the middle of the answer.
  await page.reload();
  await expect(answers(page)).toContainText('Interrupted');
  await isDrawn(answers(page).getByRole('img', { name: 'Generated image' }));
  gate.open();

  await answers(page).getByRole('button', { name: 'Copy', exact: true }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(`Here: \n\n![Generated image](files/${hashOf(leaf.bytes)}.png)\n\nand more`);
  await answers(page).getByRole('button', { name: 'Open the picture: Generated image' }).click();
  await expect(page.getByRole('dialog', { name: 'Generated image' })).toBeVisible();
  await expectNoViolation(page, 'a generated picture');
});

test('a picture on the model server comes here before that is gone; one elsewhere is a link', async ({ openBrowser, model }) => {
  const page = await openApp((await openBrowser()).context);
  await openChat(page, model);
  const leaf = await png(page, 'leaf.png');
  const address = model.serve('/generated/leaf.png', leaf.bytes);
  model.next(stream([...words(`One ![a leaf](${address}) two ![other](https://elsewhere.example/x.png)`), end()]));
  await ask(page, 'Draw a leaf');
  await isDrawn(answers(page).getByRole('img', { name: 'a leaf' }));
  await expect(answers(page).locator('kept-file')).toHaveCount(1);
  await page.reload();
  await isDrawn(answers(page).getByRole('img', { name: 'a leaf' }));
  expect(model.requests.filter(({ path }) => path === '/generated/leaf.png')).toHaveLength(1);
});

test('an edited prompt keeps its files, and another answer is asked with them', async ({ openBrowser, model }) => {
  const page = await openApp((await openBrowser()).context);
  await openChat(page, model);
  const leaf = await png(page, 'leaf.png');
  await pick(page, [leaf]);
  await expect(page.getByRole('button', { name: 'Remove leaf.png' })).toBeVisible();
  await ask(page, 'What is it?');
  await expect(answers(page)).toContainText('You said');
  await answers(page).getByRole('button', { name: 'Ask again' }).click();
  await expect(answers(page).getByRole('img', { name: 'Version 2 of 2' })).toBeVisible();
  await prompts(page).getByRole('button', { name: 'Edit and resend' }).click();
  await isDrawn(page.getByRole('form', { name: 'Edit the prompt' }).getByRole('img', { name: 'leaf.png' }));
  await page.getByRole('textbox', { name: 'Edited prompt' }).fill('What is that?');
  await page.getByRole('button', { name: 'Resend', exact: true }).click();
  await expect(answers(page)).toContainText('What is that?');
  await isDrawn(prompts(page).getByRole('img', { name: 'leaf.png' }));
  expect(lastContent(model)).toEqual([
    { type: 'text', text: 'What is that?' },
    { type: 'image_url', image_url: { url: dataUrl(leaf.bytes) } },
  ]);
});

test('on a phone files are added by touch, and nothing is wider than the page', async ({ openBrowser, model }) => {
  const { context } = await openBrowser('phone', [], PHONE);
  const page = await openApp(context);
  await openChat(page, model);
  await expect(page.getByRole('button', { name: 'Take a picture' })).toBeVisible();
  const long = 'a name without any room in it '.repeat(5).replaceAll(' ', '_');
  await pick(page, [
    await png(page, `${long}.png`, 2000, 900),
    ...Array.from({ length: 9 }, (_, at) => textFile(`${long}${at}.txt`, 'x')),
  ]);
  await expect(tray(page).getByRole('listitem')).toHaveCount(10);
  const isTooWide = (): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(await isTooWide()).toBe(false);
  await expectNoViolation(page, 'ten files on a phone');
  await sendButton(page).tap();
  await expect(answers(page)).toHaveCount(1);
  await expect(prompts(page).locator('kept-file')).toHaveCount(10);
  expect(await isTooWide()).toBe(false);
});

test('a model that does not see is asked with the name of the picture, and that is said', async ({ openBrowser, model }) => {
  const page = await openApp((await openBrowser()).context);
  await openChat(page, model);
  model.next(refuse(400, 'tiny-1 is not a multimodal model'));
  await pick(page, [await png(page, 'leaf.png')]);
  await expect(page.getByRole('button', { name: 'Remove leaf.png' })).toBeVisible();
  await ask(page, 'What is it?');
  await expect(answers(page)).toContainText('The model takes no pictures');
  expect(lastContent(model)).toContain('<file name="leaf.png">');
  await pick(page, [await png(page, 'root.png', 32, 32)]);
  const notice = page.getByText(/tiny-1 takes no pictures/);
  await expect(notice).toBeVisible();
  await expectNoViolation(page, 'a model that does not see');
  await page.getByRole('button', { name: 'Send them all the same' }).click();
  await expect(notice).toBeHidden();
  await ask(page, 'And now?');
  await expect(answers(page).nth(1)).toContainText('You said');
  expect(JSON.stringify(lastContent(model))).toContain('image_url');
});

test('a picture that an earlier version kept inside its message is shown as a file, and looking at it writes nothing', async ({
  openBrowser,
  model,
  server,
}) => {
  const page = await openApp((await openBrowser()).context);
  await openChat(page, model);
  await expectSyncState(page, 'synced');
  const other = await enterAsDevice(server.url, await readAccountKeys(page));
  const leaf = await png(page, 'leaf.png');
  const [chatId = ''] = await other.write('chat', [{ title: 'From before', lastMessageAt: Date.now() }]);
  const [promptId = ''] = await other.write('message', [
    {
      chatId,
      follows: null,
      role: 'user',
      text: 'Look',
      attachments: [{ name: 'leaf.png', data: dataUrl(leaf.bytes) }],
      createdAt: 1,
    },
  ]);
  const [answerId = ''] = await other.write('message', [
    { chatId, follows: promptId, role: 'assistant', text: 'Here', images: [dataUrl(leaf.bytes)], createdAt: 2 },
  ]);
  await other.write('message', [
    {
      ...{ chatId, follows: answerId, role: 'user', text: 'And this?', createdAt: 3 },
      attachments: [{ name: 'away.png', reference: `files/${'ab'.repeat(32)}.png`, type: 'image/png', size: 9, picture: true }],
    },
  ]);
  await page.goto('/chats');
  await chatInList(page, 'From before').click();
  await isDrawn(prompts(page).getByRole('img', { name: 'leaf.png' }));
  await isDrawn(answers(page).getByRole('img', { name: 'Generated image' }));
  const away = prompts(page).getByRole('group', { name: 'away.png' });
  await expect(away).toContainText('This file is not on the server');
  await expect(away.getByRole('button', { name: 'Try again' })).toBeVisible();
  await prompts(page).getByRole('button', { name: 'Open the picture: leaf.png' }).click();
  await expect(page.getByRole('dialog', { name: 'leaf.png' }).getByRole('button', { name: 'Download' })).toBeVisible();
  await page.keyboard.press('Escape');

  await prompts(page).first().getByRole('button', { name: 'Edit and resend' }).click();
  const since = Date.now();
  await page.getByRole('textbox', { name: 'Edited prompt' }).fill('Look again');
  await page.getByRole('button', { name: 'Resend', exact: true }).click();
  await expect(answers(page)).toContainText('You said: Look again');
  expect(lastContent(model)).toEqual([
    { type: 'text', text: 'Look again' },
    { type: 'image_url', image_url: { url: dataUrl(leaf.bytes) } },
  ]);
  await expectSyncedSince(page, since, ARRIVAL_MS);
  const { entities } = await other.readState();
  const resent = entities.find(({ kind, fields }) => kind === 'message' && fields['text'] === 'Look again');
  expect(resent?.fields['attachments']).toEqual([
    { name: 'leaf.png', reference: `files/${hashOf(leaf.bytes)}.png`, type: 'image/png', size: leaf.bytes.length, picture: true },
  ]);
  for (const id of [promptId, answerId]) expect(await other.history('message', id)).toHaveLength(1);
});
