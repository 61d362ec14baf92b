/**
 * Builds `src/ui/parts/icons.svg` and `src/ui/parts/frame-icons.ts` from lucide and the lists in `src/ui/parts/icon.ts`:
 * `node .ci/icon-sprite.mjs`. The results are committed, and `tests/unit/icon-sprite.test.ts` says when one is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const ICONS = 'node_modules/lucide-static/icons';
export const SPRITE = 'src/ui/parts/icons.svg';
export const FRAME_ICONS = 'src/ui/parts/frame-icons.ts';

/** @param {'frameIconNames' | 'spriteIconNames'} list */
function namesOf(list) {
  const [, names = ''] = readFileSync('src/ui/parts/icon.ts', 'utf8').match(new RegExp(`${list} = \\[([^\\]]*)\\]`)) ?? [];
  return [...names.matchAll(/'([a-z0-9-]+)'/g)].map(([, name]) => String(name));
}

/** @param {string} name */
function shapesOf(name) {
  return readFileSync(`${ICONS}/${name}.svg`, 'utf8')
    .replace(/^[\s\S]*?<svg[^>]*>/, '')
    .replace('</svg>', '')
    .split('\n')
    .map((line) => line.trim())
    .join('');
}

function credit() {
  const { version, license } = JSON.parse(readFileSync('node_modules/lucide-static/package.json', 'utf8'));
  return `lucide ${version}, ${license}: https://lucide.dev/license`;
}

/** The sprite as text. One symbol per icon; colour and stroke come from the page that uses it. */
export function buildSprite() {
  const symbols = namesOf('spriteIconNames').map((name) => `<symbol id="${name}" viewBox="0 0 24 24">${shapesOf(name)}</symbol>`);
  return `<svg xmlns="http://www.w3.org/2000/svg"><!-- ${credit()} -->\n${symbols.join('\n')}\n</svg>\n`;
}

/** The frame's icons as text: each the data of one path. */
export function buildFrameIcons() {
  const lines = namesOf('frameIconNames').map((name) => {
    return `  '${name}': '${pathOf(name)}',`;
  });
  return `/** Written by \`.ci/icon-sprite.mjs\`. ${credit()} */\nexport const frameIcons = {\n${lines.join('\n')}\n} as const;\n`;
}

/**
 * All shapes of an icon as one path.
 * @param {string} name
 */
function pathOf(name) {
  return [...shapesOf(name).matchAll(/<(\w+) ([^>]*?)\s*\/>/g)]
    .map(([, shape, text]) => {
      const attributes = Object.fromEntries(
        [...String(text).matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
      );
      const draw = drawings[String(shape)];
      if (!draw) throw new Error(`${name}: no path for <${shape}>`);
      return draw(attributes);
    })
    .join('');
}

/** @type {Record<string, (attributes: Record<string, string>) => string>} */
const drawings = {
  // Alone, a path may begin with a relative move, which counts from the origin; behind another one it must say so.
  path: ({ d }) =>
    String(d).replace(/^m *(-?[\d.]+)[ ,]*(-?[\d.]+) *(?=([-.\d])?)/, (_, x, y, more) => `M${x} ${y}${more ? 'l' : ''}`),
  line: ({ x1, y1, x2, y2 }) => `M${x1} ${y1}L${x2} ${y2}`,
  polyline: ({ points }) => `M${points}`,
  polygon: ({ points }) => `M${points}z`,
  circle: ({ cx, cy, r }) => ellipse(Number(cx), Number(cy), Number(r), Number(r)),
  ellipse: ({ cx, cy, rx, ry }) => ellipse(Number(cx), Number(cy), Number(rx), Number(ry)),
  rect({ x = '0', y = '0', width, height, rx, ry }) {
    const [a, b] = [Number(rx ?? ry ?? 0), Number(ry ?? rx ?? 0)];
    const [w, h] = [Number(width) - 2 * a, Number(height) - 2 * b];
    /** @param {string} to */
    const corner = (to) => (a === 0 ? '' : `a${a} ${b} 0 0 1 ${to}`);
    return `M${Number(x) + a} ${y}h${w}${corner(`${a} ${b}`)}v${h}${corner(`${-a} ${b}`)}h${-w}${corner(`${-a} ${-b}`)}v${-h}${corner(`${a} ${-b}`)}z`;
  },
};

/**
 * @param {number} x
 * @param {number} y
 * @param {number} a
 * @param {number} b
 */
const ellipse = (x, y, a, b) => `M${x - a} ${y}a${a} ${b} 0 1 0 ${2 * a} 0a${a} ${b} 0 1 0 ${-2 * a} 0`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(SPRITE, buildSprite());
  writeFileSync(FRAME_ICONS, buildFrameIcons());
}
