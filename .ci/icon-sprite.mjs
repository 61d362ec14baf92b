/**
 * Builds `public/icons.svg` from lucide and the list in `src/ui/icon.ts`: `node .ci/icon-sprite.mjs`. The result is
 * committed, and `tests/unit/icon-sprite.test.ts` says when it is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const ICONS = 'node_modules/lucide-static/icons';

/** The sprite as text. One symbol per icon; colour and stroke come from the page that uses it. */
export function buildSprite() {
  const names = [...readFileSync('src/ui/icon.ts', 'utf8').matchAll(/^ {2}'([a-z0-9-]+)',$/gm)].map(([, name]) => name);
  const { version, license } = JSON.parse(readFileSync('node_modules/lucide-static/package.json', 'utf8'));
  const symbols = names.map((name) => {
    const shapes = readFileSync(`${ICONS}/${name}.svg`, 'utf8')
      .replace(/^[\s\S]*?<svg[^>]*>/, '')
      .replace('</svg>', '')
      .split('\n')
      .map((line) => line.trim())
      .join('');
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg"><!-- lucide ${version}, ${license}: https://lucide.dev/license -->\n${symbols.join('\n')}\n</svg>\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync('public/icons.svg', buildSprite());
