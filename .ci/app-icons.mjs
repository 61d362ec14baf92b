/** Draws the PNGs of the app's mark from `public/icon*.svg` with Chromium: `node .ci/app-icons.mjs`. The results are committed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright';

const PICTURES = [
  { from: 'icon.svg', to: 'icon-192.png', size: 192 },
  { from: 'icon.svg', to: 'icon-512.png', size: 512 },
  { from: 'icon-maskable.svg', to: 'icon-maskable-192.png', size: 192 },
  { from: 'icon-maskable.svg', to: 'icon-maskable-512.png', size: 512 },
  // iOS rounds the corners itself, and shows black where a picture is transparent.
  { from: 'icon-maskable.svg', to: 'apple-touch-icon.png', size: 180 },
];

const executablePath = process.env['CHROMIUM'];
const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
for (const { from, to, size } of PICTURES) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const picture = readFileSync(`public/${from}`).toString('base64');
  await page.setContent(
    `<style>body{margin:0}img{display:block;width:100vw}</style><img src="data:image/svg+xml;base64,${picture}">`,
  );
  await page.waitForFunction(() => document.images[0]?.complete);
  writeFileSync(`public/${to}`, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
