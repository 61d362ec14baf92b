/** Pictures and files in notes: how they come in, how they are shown, and what becomes of those that are none. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import {
  enterByCode,
  expectSaveState,
  expectSyncedSince,
  newNoteButton,
  noteInList,
  openApp,
  openNote,
  readRecoveryCode,
  textField,
  titleField,
  waitForServiceWorker,
} from '#support/app-page.ts';
import { type BroughtFile, bring, drawnPicture, pick } from '#support/files-page.ts';
import { setLook } from '#support/long-content.ts';
import { expectNoViolation } from '#support/no-violation.ts';
import { pngOf } from '#support/picture-bytes.ts';
import { stillHeic } from '#support/picture-samples.ts';
import { test } from '#support/test.ts';
import { readText } from '#support/typist.ts';
import { ageRevisions } from '#support/workspace-database.ts';

const ARRIVAL_MS = 25_000;
const preview = (page: Page): Locator => page.getByRole('region', { name: 'Preview' });
const keptFiles = (page: Page): Locator => preview(page).locator('kept-file');
const shownPicture = (page: Page, alt: string): Locator => preview(page).getByRole('img', { name: alt, exact: true });
const rowPicture = (page: Page): Locator => page.locator('document-picture img');
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const png = async (page: Page, name: string, width = 64, height = 48): Promise<BroughtFile> => ({
  name,
  type: 'image/png',
  bytes: await drawnPicture(page, width, height),
});

async function openNew(page: Page, title: string): Promise<void> {
  await newNoteButton(page).click();
  await titleField(page).fill(title);
  await expect(textField(page)).toBeVisible();
  await page.getByRole('switch', { name: 'Preview' }).click();
}

const isDrawn = (picture: Locator): Promise<void> =>
  expect
    .poll(() => picture.evaluate((image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0))
    .toBe(true);

test('a picked picture is in the text, the preview and the list, also offline, after a reload and on another device', async ({
  openBrowser,
}) => {
  test.setTimeout(120_000);
  const { context } = await openBrowser('first');
  const page = await openApp(context);
  await openNew(page, 'Cells');
  await textField(page).fill('Before');
  await page.keyboard.press('Control+End');
  const picture = await png(page, 'Cell wall.png');
  const pickedAt = Date.now();
  await pick(page, [picture]);
  await expect.poll(() => readText(page)).toBe(`Before\n![Cell wall](files/${hashOf(picture.bytes)}.png)`);
  await isDrawn(shownPicture(page, 'Cell wall'));
  await isDrawn(rowPicture(page));
  await expectSaveState(page, 'saved');
  await expectNoViolation(page, 'a note with a picture');
  await expectSyncedSince(page, pickedAt, ARRIVAL_MS);
  await waitForServiceWorker(page);

  await context.setOffline(true);
  await page.reload();
  await isDrawn(shownPicture(page, 'Cell wall'));
  await context.setOffline(false);

  const code = await readRecoveryCode(page);
  const second = await openApp((await openBrowser('second')).context);
  await enterByCode(second, code, 'Keep it apart');
  await openNote(second, 'Cells');
  await second.getByRole('switch', { name: 'Preview' }).click();
  await isDrawn(shownPicture(second, 'Cell wall'));
  // Drawn there: a small picture is not sent.
  await isDrawn(rowPicture(second));
});

test('pasted and dropped files keep their places, and Undo takes them out', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNew(page, 'Places');
  await textField(page).fill('one\ntwo');
  const [first, second] = [await png(page, 'image.png'), await png(page, 'Second.png', 80, 40)];
  await page.keyboard.press('Control+Home');
  await bring(textField(page), 'paste', [first, second]);
  const both = `![](files/${hashOf(first.bytes)}.png)\n![Second](files/${hashOf(second.bytes)}.png)`;
  await expect.poll(() => readText(page)).toBe(`${both}one\ntwo`);
  await page.keyboard.type('!');
  await expect.poll(() => readText(page)).toBe(`${both}!one\ntwo`);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(() => readText(page)).toBe('one\ntwo');
  await page.keyboard.press('Control+y');
  await page.keyboard.press('Control+y');
  await expect(keptFiles(page)).toHaveCount(2);
  const dropped = await png(page, 'Dropped.png', 16, 16);
  await bring(textField(page), 'drop', [dropped]);
  await expect.poll(() => readText(page)).toContain(`![Dropped](files/${hashOf(dropped.bytes)}.png)`);
  // What an office program gives beside a picture of it is the text.
  await page.keyboard.press('Control+End');
  await bring(textField(page), 'paste', [dropped], 'a table');
  await expect.poll(() => readText(page)).toMatch(/two\n?a table$/);
});

test('a picture asks gently for words, and takes them', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNew(page, 'Words');
  await textField(page).fill('');
  const picture = await png(page, 'IMG_0001.png');
  await bring(textField(page), 'paste', [picture]);
  await page.getByRole('button', { name: 'Describe it' }).click();
  await page.keyboard.type('A leaf');
  await expect.poll(() => readText(page)).toBe(`![A leaf](files/${hashOf(picture.bytes)}.png)`);
  await expect(shownPicture(page, 'A leaf')).toBeVisible();
});

test('in the largest text on a phone, a message with a button has room for its words', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await page.setViewportSize({ width: 390, height: 844 });
  await setLook(page, '1.5', 'ltr');
  await newNoteButton(page).click();
  await bring(textField(page), 'paste', [await png(page, 'IMG_0001.png')]);
  await expect(page.getByRole('button', { name: 'Describe it' })).toBeVisible();
  await expect.poll(async () => (await page.getByText('Picture added.').boundingBox())?.width ?? 0).toBeGreaterThan(200);
});

test('a picture opens full size, is copied, downloaded byte for byte, and closes with Escape', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await openApp(context);
  await openNew(page, 'Open');
  const picture = await png(page, 'Big leaf.png', 900, 600);
  await bring(textField(page), 'paste', [picture]);
  await page.getByRole('button', { name: 'Open the picture: Big leaf' }).click();
  const dialog = page.getByRole('dialog', { name: 'Big leaf' });
  await isDrawn(dialog.getByRole('img', { name: 'Big leaf' }));
  await expectNoViolation(page, 'a picture in full size');
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Picture copied');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('Big leaf.png');
  expect(hashOf(await readFile(await saved.path()))).toBe(hashOf(picture.bytes));
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a tall picture keeps its shape', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNew(page, 'Tall');
  await bring(textField(page), 'paste', [await png(page, 'Tall.png', 400, 1600)]);
  await isDrawn(shownPicture(page, 'Tall'));
  const box = await shownPicture(page, 'Tall').boundingBox();
  expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(1 / 4, 1);
});

test('on a phone the camera and the clip are the first in the row over the keyboard', async ({ openBrowser }) => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const page = await openApp((await openBrowser('phone', [], phone)).context);
  await newNoteButton(page).tap();
  await textField(page).tap();
  await page.keyboard.type('Seen:\n');
  await expect(page.getByRole('button', { name: 'Add pictures or files' })).toBeInViewport();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Take a picture' }).tap();
  const taken = await chooser;
  expect(await taken.element().getAttribute('capture')).toBe('environment');
  const { name, type, bytes } = await png(page, 'image.png');
  await taken.setFiles({ name, mimeType: type, buffer: Buffer.from(bytes) });
  await expect.poll(() => readText(page)).toBe(`Seen:\n![](files/${hashOf(bytes)}.png)`);
});

test('what is no picture is a file: a document, a page of HTML called .png, a drawing with a script, a damaged picture', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await openNew(page, 'Hostile');
  const text = (name: string, type: string, content: string): BroughtFile => ({ name, type, bytes: Buffer.from(content) });
  const pdf = text('report.pdf', 'application/pdf', '%PDF-1.7\n%âãÏÓ\n');
  const fake = text('photo.png', 'image/png', '<!doctype html><script>document.title = "taken"</script>');
  const drawing = text(
    'drawing.svg',
    'image/svg+xml',
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><script>parent.document.title = "taken"</script><rect width="40" height="40" fill="red" onload="alert(1)"/></svg>',
  );
  const broken: BroughtFile = { name: 'broken.png', type: 'image/png', bytes: (await png(page, 'x')).bytes.slice(0, 60) };
  await bring(textField(page), 'paste', [pdf, fake, drawing, broken]);
  await expect(keptFiles(page)).toHaveCount(4);
  const source = await readText(page);
  expect(source).toContain(`[report.pdf](files/${hashOf(pdf.bytes)}.pdf)`);
  expect(source).toContain(`[photo.png](files/${hashOf(fake.bytes)}.txt)`);
  expect(source).toContain(`![drawing](files/${hashOf(drawing.bytes)}.svg)`);
  await isDrawn(shownPicture(page, 'drawing'));
  await expect(preview(page).getByRole('group', { name: 'report.pdf' }).getByRole('button', { name: 'Download' })).toBeVisible();
  await expect(preview(page).getByRole('group', { name: /broken/ })).toBeVisible();
  expect(await page.title()).not.toContain('taken');
  await expectNoViolation(page, 'a note with files');
});

test('a picture of 100 megapixels and one that this browser cannot decode are kept as files, and it is said why', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await openNew(page, 'Phone');
  // 10,000 pixels square: its header says so, and nothing of it is decoded.
  const bomb: BroughtFile = { name: 'Bomb.png', type: 'image/png', bytes: pngOf(10_000, 10_000) };
  const phone: BroughtFile = { name: 'IMG_0001.HEIC', type: 'image/heic', bytes: stillHeic };
  await bring(textField(page), 'paste', [bomb, phone]);
  await expect(keptFiles(page)).toHaveCount(2);
  const source = await readText(page);
  expect(source).toContain(`[Bomb.png](files/${hashOf(bomb.bytes)}.png)`);
  expect(source).toContain(`files/${hashOf(phone.bytes)}.heic)`);
  await expect(preview(page).getByRole('group', { name: 'Bomb.png' }).getByRole('button', { name: 'Download' })).toBeVisible();
  await expect(preview(page).getByRole('img')).toHaveCount(0);
  await expect(preview(page).getByRole('group', { name: 'IMG_0001.HEIC' })).toContainText('It cannot be shown here.');
  await expect(page.getByText(/Bomb\.png.*100 megapixels|too large/i).first()).toBeAttached();
});

test('an empty file and one above the limit are refused with words, and the others go on', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNew(page, 'Limits');
  const good = await png(page, 'Good.png');
  await textField(page).evaluate((element, base64) => {
    const data = new DataTransfer();
    data.items.add(new File([], 'empty.png', { type: 'image/png' }));
    data.items.add(new File([new Uint8Array(101_000_000)], 'film.mp4', { type: 'video/mp4' }));
    data.items.add(
      new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], 'Good.png', { type: 'image/png' }),
    );
    element.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
  }, Buffer.from(good.bytes).toString('base64'));
  await expect(page.getByText(/empty\.png was not added/)).toBeAttached();
  await expect.poll(() => readText(page)).toBe(`![Good](files/${hashOf(good.bytes)}.png)`);
});

test('a reference to what nobody has says so in words, and the same picture added here mends it', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNew(page, 'Missing');
  const picture = await png(page, 'Lost.png', 24, 24);
  await textField(page).fill(`![A lost picture](files/${hashOf(picture.bytes)}.png)`);
  const absent = preview(page).getByRole('group', { name: 'A lost picture' });
  await expect(absent.getByText(/not on the server/)).toBeVisible();
  await expectNoViolation(page, 'a note whose picture is missing');
  await page.keyboard.press('Control+End');
  await bring(textField(page), 'paste', [picture]);
  // By hand, or by itself after the next sync.
  const again = absent.getByRole('button', { name: 'Try again' });
  await expect(async () => {
    if (await again.isVisible()) await again.click({ timeout: 1000 });
    await expect(shownPicture(page, 'A lost picture')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await isDrawn(shownPicture(page, 'A lost picture'));
});

test('a link that is taken out of one note leaves the file to the other', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNew(page, 'One');
  const picture = await png(page, 'Shared.png');
  await bring(textField(page), 'paste', [picture]);
  await isDrawn(shownPicture(page, 'Shared'));
  const reference = await readText(page);
  await newNoteButton(page).click();
  await titleField(page).fill('Two');
  await textField(page).fill(reference);
  await isDrawn(shownPicture(page, 'Shared'));
  await textField(page).fill('');
  await expectSaveState(page, 'saved');
  await noteInList(page, 'One').click();
  await isDrawn(shownPicture(page, 'Shared'));
});

test('words are replaced everywhere but in the address of a picture, and a comparison shows that shortly', async ({
  openBrowser,
}) => {
  const page = await openApp((await openBrowser()).context);
  await openNew(page, 'Replaced');
  const picture = await png(page, 'Leaf.png');
  await bring(textField(page), 'paste', [picture]);
  const line = `![Leaf](files/${hashOf(picture.bytes)}.png)`;
  await expect.poll(() => readText(page)).toBe(line);
  const digit = /\d/.exec(hashOf(picture.bytes))?.[0] ?? '';
  await textField(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(`\nLeaf ${digit}`);
  await page.keyboard.press('Control+h');
  await page.getByRole('searchbox', { name: 'Find in this note' }).fill(digit);
  await expect(page.getByText('1 of 1')).toBeVisible();
  await page.getByRole('textbox', { name: 'Replace with' }).fill('nine');
  await page.getByRole('button', { name: 'Replace all' }).click();
  expect(await readText(page)).toBe(`${line}\nLeaf nine`);
  await expectSaveState(page, 'saved');
  await ageRevisions(page);
  await page.reload();
  await textField(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' and ten');
  await expectSaveState(page, 'saved');
  await page.getByRole('button', { name: 'Note actions' }).click();
  await page.getByRole('menuitem', { name: 'History' }).click();
  await expect(page.getByRole('dialog', { name: /^History/ }).getByText(/files\/[0-9a-f]{8}…\.png/)).toBeVisible();
});

test('a line with a picture is dragged to another place, and moved by keys, as any other line', async ({ openBrowser }) => {
  const page = await openApp((await openBrowser()).context);
  await openNew(page, 'Lines');
  const picture = await png(page, 'Moved.png');
  await bring(textField(page), 'paste', [picture]);
  const line = `![Moved](files/${hashOf(picture.bytes)}.png)`;
  await expect.poll(() => readText(page)).toBe(line);
  await textField(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\none\ntwo');
  await expect.poll(() => readText(page)).toBe(`${line}\none\ntwo`);
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Alt+ArrowDown');
  expect(await readText(page)).toBe(`one\n${line}\ntwo`);
  // By the mouse: the selected words, the picture in them, are taken and put behind the last line.
  await textField(page).getByText('Moved').click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  const from = await textField(page).getByText('Moved').boundingBox();
  const to = await textField(page).getByText('two', { exact: true }).boundingBox();
  if (!from || !to) throw new Error('nothing to drag');
  await page.mouse.move(from.x + 8, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + 100, to.y + to.height / 2, { steps: 8 });
  await page.mouse.up();
  expect(await readText(page)).toBe(`one\n\ntwo${line}`);
  await expect(keptFiles(page)).toHaveCount(1);
});

/** Shares with the app as another program does. Gives whether it was taken. */
const share = (page: Page, words: Readonly<Record<string, string>>, files: readonly BroughtFile[]): Promise<boolean> =>
  page.evaluate(
    async ({ words, files }) => {
      const form = new FormData();
      for (const [name, word] of Object.entries(words)) form.append(name, word);
      for (const { name, type, base64 } of files)
        form.append('files', new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type }));
      return fetch('/share', { method: 'POST', body: form }).then(
        () => true,
        () => false,
      );
    },
    { words, files: files.map(({ name, type, bytes }) => ({ name, type, base64: Buffer.from(bytes).toString('base64') })) },
  );

/** Gives the account that has begun the note of the one share that waits, and puts another in its place. */
const takenBy = (page: Page, next: string): Promise<string> =>
  page.evaluate(async (takenBy) => {
    const cache = await caches.open('holdfast-shared');
    for (const request of await cache.keys()) {
      if (!/\/share\/[^/]+$/.test(request.url)) continue;
      const words = await (await cache.match(request))?.json();
      await cache.put(request, Response.json({ ...words, takenBy }));
      return words.takenBy;
    }
    throw new Error('nothing waits');
  }, next);

const sharedEntries = (page: Page): Promise<number> =>
  page.evaluate(async () => (await (await caches.open('holdfast-shared')).keys()).length);

test('what another program shares with the app becomes a note, with its pictures, once', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  const picture = await png(page, 'Shared leaf.png');
  await share(page, { title: 'From the gallery', text: 'Two words', url: 'https://example.org/leaf' }, [
    picture,
    { name: 'Plan.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7 shared') },
  ]);
  await page.goto('/notes');
  await expect(titleField(page)).toHaveValue('From the gallery');
  await expect
    .poll(() => readText(page))
    .toContain(
      `Two words\n\nhttps://example.org/leaf\n\n![Shared leaf](files/${hashOf(picture.bytes)}.png)\n\n[Plan.pdf](files/`,
    );
  await expect.poll(() => sharedEntries(page)).toBe(0);
  await page.goto('/notes');
  await expect(noteInList(page, 'From the gallery')).toHaveCount(1);
});

test('shared files for which there is no room wait, and come into their note when there is', async ({ openBrowser }) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  const files = Array.from({ length: 20 }, (_, at) => ({
    name: `Sheet ${at}.bin`,
    type: 'application/octet-stream',
    bytes: new Uint8Array(at < 2 ? 3_000_000 : 2000).fill(at + 128),
  }));
  expect(await share(page, { title: 'Twenty', text: 'Words' }, files)).toBe(true);
  const devtools = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin });
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 2_000_000 });
  await page.goto('/notes');
  await expect(titleField(page)).toHaveValue('Twenty');
  await expect(page.getByText('Sheet 0.bin was not added yet')).toBeVisible();
  await expect.poll(async () => (await readText(page)).match(/\]\(files\//g)?.length).toBe(18);
  await expect.poll(() => sharedEntries(page)).toBe(3);
  await expectSaveState(page, 'saved');

  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  // In another account of this browser.
  const own = await takenBy(page, 'another device');
  await page.goto('/notes');
  await expect(noteInList(page, 'Twenty')).toHaveCount(1);
  expect(await sharedEntries(page)).toBe(3);
  expect(await takenBy(page, own)).toBe('another device');
  await page.goto('/notes');
  await expect.poll(async () => (await readText(page)).match(/\]\(files\//g)?.length).toBe(20);
  expect(await readText(page)).toContain(`[Sheet 0.bin](files/${hashOf(new Uint8Array(3_000_000).fill(128))}.bin)`);
  await expect.poll(() => sharedEntries(page)).toBe(0);
});

test('a share that finds no room leaves nothing, and neither does one whose service worker was ended', async ({
  openBrowser,
}) => {
  const { context } = await openBrowser();
  const page = await openApp(context);
  await waitForServiceWorker(page);
  await page.evaluate(async () => {
    const cache = await caches.open('holdfast-shared');
    await cache.put('/share/0192f000-0000-7000-8000-000000000000/0', new Response('half'));
  });
  await page.goto('/notes');
  await expect.poll(() => sharedEntries(page)).toBe(0);
  const devtools = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin });
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 2_000_000 });
  const file = (at: number, size: number) => ({
    name: `${at}.bin`,
    type: 'application/octet-stream',
    bytes: new Uint8Array(size).fill(at),
  });
  expect(await share(page, { title: 'Large' }, [file(1, 1000), file(2, 4_000_000)])).toBe(false);
  await expect.poll(() => sharedEntries(page)).toBe(0);
});
