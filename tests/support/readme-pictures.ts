/** The pictures of the README and of the install dialog, taken from the running product. */
import { expect, type Page } from '@playwright/test';
import type { OpenAiServer } from './openai-server.ts';
import { emptySurfaces, filledSurfaces, fillWorkspace } from './surfaces.ts';
import { usualContent } from './usual-content.ts';

export const README_PICTURES = [
  { name: 'first', paths: ['docs/images/first.png'] },
  { name: 'first-dark', paths: ['docs/images/first-dark.png'] },
  { name: 'notes', paths: ['docs/images/notes.png', 'public/screenshots/wide.png'] },
  { name: 'notes-dark', paths: ['docs/images/notes-dark.png'] },
  { name: 'chat', paths: ['docs/images/chat.png'] },
  { name: 'chat-dark', paths: ['docs/images/chat-dark.png'] },
  { name: 'narrow', paths: ['public/screenshots/narrow.png'] },
] as const;

export type ReadmePicture = (typeof README_PICTURES)[number]['name'];

const MAX_TRIES = 10;

/** Each as a PNG: 1280 by 800 px, and `narrow` 390 by 844. */
export async function takeReadmePictures(page: Page, model: OpenAiServer): Promise<{ readonly [P in ReadmePicture]: Buffer }> {
  await page.setViewportSize({ width: 1280, height: 800 });
  await surfaceOf('first-screen')(page);
  const [first, firstDark] = await takeBoth(page);
  await fillWorkspace(page, model, usualContent);
  await surfaceOf('chat')(page);
  const [chat, chatDark] = await takeBoth(page);
  await surfaceOf('preview')(page);
  await expect(page.getByRole('heading', { name: 'Calvin cycle' })).toBeVisible();
  const [notes, notesDark] = await takeBoth(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await surfaceOf('notes')(page);
  const [narrow] = await takeBoth(page);
  return { first, 'first-dark': firstDark, notes, 'notes-dark': notesDark, chat, 'chat-dark': chatDark, narrow };
}

function surfaceOf(name: string): (page: Page) => Promise<void> {
  const found = [...emptySurfaces, ...filledSurfaces(usualContent)].find((surface) => surface.name === name);
  if (!found) throw new Error(`no surface "${name}"`);
  return found.show;
}

/**
 * In light, then in dark. Whatever colour was on its way to another one has arrived: nothing moves for the picture. What comes
 * late (a hint, an icon) comes before both or after both: it is taken again until light is the same before dark and after it.
 */
async function takeBoth(page: Page): Promise<readonly [light: Buffer, dark: Buffer]> {
  await expect(page.locator('[data-sync-state=synced], [data-sync-state=unasked]')).toBeVisible();
  let light = await takeIn(page, 'light');
  for (let tries = 1; ; tries++) {
    const dark = await takeIn(page, 'dark');
    const after = await takeIn(page, 'light');
    if (light.equals(after)) return [light, dark];
    if (tries === MAX_TRIES) throw new Error(`${page.url()} goes on changing`);
    light = after;
  }
}

async function takeIn(page: Page, colorScheme: 'light' | 'dark'): Promise<Buffer> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  return page.screenshot({ animations: 'disabled' });
}
