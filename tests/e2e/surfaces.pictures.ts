/**
 * `npm run pictures`: takes the README's and the install dialog's pictures, which are committed, and one of every surface at
 * four widths, light and dark, into `test-results/pictures`, for whoever has changed something to look at: as people usually
 * have it, and with long titles and many tags, once in the largest text and once from right to left.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { openApp } from '#support/app-page.ts';
import { longContent, setLook } from '#support/long-content.ts';
import { test } from '#support/model-test.ts';
import { README_PICTURES, takeReadmePictures } from '#support/readme-pictures.ts';
import { emptySurfaces, filledSurfaces, fillWorkspace, type Surface, sectionSurfaces } from '#support/surfaces.ts';
import { usualContent } from '#support/usual-content.ts';

const FOLDER = 'test-results/pictures';
const WIDTHS = [390, 768, 1280, 1920];

interface Look {
  /** Part of the file's name. */
  readonly name: string;
  readonly textSize: string;
  readonly direction: 'ltr' | 'rtl';
}

const USUAL: Look = { name: '', textSize: '1', direction: 'ltr' };
const LOOKS: readonly Look[] = [
  { name: 'largest-', textSize: '1.5', direction: 'ltr' },
  { name: 'rtl-', textSize: '1', direction: 'rtl' },
];

async function takeAll(page: Page, surfaces: readonly Surface[], looks: readonly Look[] = [USUAL]): Promise<void> {
  for (const { name, show } of surfaces) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await show(page);
    for (const { name: prefix, textSize, direction } of looks) {
      await setLook(page, textSize, direction);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: join(FOLDER, `${prefix}${name}-${width}-${colorScheme}.png`) });
        }
      }
    }
    await setLook(page, USUAL.textSize, USUAL.direction);
  }
}

test('the README and the install dialog', async ({ openBrowser, model }) => {
  const { context } = await openBrowser();
  const taken = await takeReadmePictures(await context.newPage(), model);
  for (const { name, paths } of README_PICTURES) {
    for (const path of paths) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, taken[name]);
    }
  }
});

test('every surface', async ({ openBrowser, model }) => {
  const { context } = await openBrowser('first', [], { reducedMotion: 'reduce' });
  const page = await openApp(context);
  await takeAll(page, emptySurfaces);
  await page.setViewportSize({ width: 1280, height: 900 });
  await fillWorkspace(page, model, usualContent);
  await takeAll(page, [...filledSurfaces(usualContent), ...(await sectionSurfaces(page))]);
});

test('every surface with what fits nowhere easily', async ({ openBrowser, model }) => {
  const { context } = await openBrowser('first', [], { reducedMotion: 'reduce' });
  const page = await openApp(context);
  await fillWorkspace(page, model, longContent);
  await takeAll(page, [...filledSurfaces(longContent), ...(await sectionSurfaces(page))], LOOKS);
});
