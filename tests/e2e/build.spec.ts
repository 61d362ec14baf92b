/** What the build promises: everything offline after one visit, installable, and small on the wire. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

const DIST = join(process.cwd(), 'dist');

/** Compressed: the frame has 24,000. The store's client and its database library alone have 12,000, so nothing lazy can slip in unseen. */
const FIRST_LOAD_BYTES = 32_000;

const files = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(DIST, join(entry.parentPath, entry.name)));

const read = (name: string): Buffer => readFileSync(join(DIST, name));

test('every file of the app is in the precache, lazy panels and the rescue page included', () => {
  const worker = read('sw.js').toString();
  const needed = files.filter(
    (name) => ['.js', '.css', '.html', '.svg', '.webmanifest'].includes(extname(name)) && name !== 'sw.js',
  );
  expect(needed).toContain('rescue.html');
  expect(needed.filter((name) => !worker.includes(`"url":"${name}"`))).toEqual([]);
});

test('what has a hash in its name is revisioned by it alone', () => {
  const worker = read('sw.js').toString();
  const assets = files.filter((name) => name.startsWith('assets/') && ['.js', '.css'].includes(extname(name)));
  expect(assets.length).toBeGreaterThan(0);
  for (const name of assets) expect(worker).toContain(`{"revision":null,"url":"${name}"}`);
});

test('the icons have a hash in their name, too: an icon that changes asks for nothing', () => {
  const sprites = files.filter((name) => name.endsWith('.svg') && name.includes('icons'));
  expect(sprites).toEqual([expect.stringMatching(/^assets\/icons-[\w-]{8}\.svg$/)]);
});

test('every text file over a kilobyte is there compressed, and unpacks to itself', () => {
  const texts = files.filter((name) => ['.js', '.css', '.html', '.svg', '.webmanifest'].includes(extname(name)));
  for (const name of texts.filter((text) => statSync(join(DIST, text)).size >= 1024)) {
    expect(brotliDecompressSync(read(`${name}.br`)).equals(read(name)), `${name}.br`).toBe(true);
    expect(gunzipSync(read(`${name}.gz`)).equals(read(name)), `${name}.gz`).toBe(true);
  }
});

test('the manifest names only pictures that are there, in the sizes it claims', () => {
  const { icons, screenshots, shortcuts } = JSON.parse(read('manifest.webmanifest').toString());
  for (const { src, sizes, type } of [...icons, ...screenshots, ...shortcuts[0].icons]) {
    expect(existsSync(join(DIST, src)), src).toBe(true);
    if (type === 'image/png') expect(pngSize(read(src)), src).toBe(sizes);
  }
});

test('the page holds no inline script and no inline style, which the CSP would refuse', () => {
  for (const name of ['index.html', 'rescue.html']) {
    const html = read(name).toString();
    expect(html, name).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i);
  }
});

test('what the page loads before it shows anything is small: editor, preview and settings come later', () => {
  const html = read('index.html').toString();
  const loaded = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, name]) => String(name));
  const wire = loaded.map((name) => statSync(join(DIST, existsSync(join(DIST, `${name}.br`)) ? `${name}.br` : name)).size);
  expect(loaded.length).toBeGreaterThan(1);
  expect(wire.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(FIRST_LOAD_BYTES);
});

/** Width and height are at byte 16 of every PNG (its IHDR chunk). */
function pngSize(bytes: Buffer): string {
  return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
}
