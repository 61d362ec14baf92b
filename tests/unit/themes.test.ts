/** Every pair of tokens that are drawn on each other is readable, in all four themes and with more contrast: WCAG 2.2, computed. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync('src/ui/styles/tokens.css', 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

type Tokens = Readonly<Record<string, string>>;

/** The custom properties of the rule with exactly this selector. */
function tokensOf(selector: string): Tokens {
  const start = css.indexOf(`${selector} {`);
  expect(start, selector).toBeGreaterThanOrEqual(0);
  const block = css.slice(start + selector.length + 2, css.indexOf('}', start));
  return Object.fromEntries(
    [...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, String(value).trim()]),
  );
}

const base = tokensOf(':root');
const more = tokensOf(':root[data-contrast="more"]');
const themes: Readonly<Record<string, { readonly tokens: Tokens; readonly dark: boolean }>> = {
  light: { tokens: base, dark: false },
  dark: { tokens: base, dark: true },
  matrix: { tokens: { ...base, ...tokensOf(':root[data-theme="matrix"]') }, dark: true },
  tron: { tokens: { ...base, ...tokensOf(':root[data-theme="tron"]') }, dark: true },
};

/** Relative luminance of an opaque colour token, by the OKLCH of CSS Color 4 and the formula of WCAG 2. */
function luminance(tokens: Tokens, name: string, dark: boolean): number {
  let value = tokens[name] ?? '';
  for (let reference = /^var\((--[\w-]+)\)$/.exec(value); reference; reference = /^var\((--[\w-]+)\)$/.exec(value))
    value = tokens[String(reference[1])] ?? '';
  const pair = /^light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\)$/.exec(value);
  const colour = pair ? String(pair[dark ? 2 : 1]) : value;
  const numbers = /^oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)$/.exec(colour);
  if (!numbers) throw new Error(`${name} is no opaque colour: ${value}`);
  const [lightness = 0, chroma = 0, hue = 0] = numbers.slice(1).map(Number);
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness / 100 + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness / 100 - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness / 100 - 0.0894841775 * a - 1.291485548 * b) ** 3;
  // Out of sRGB is shown clipped, on the screens that have no more.
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const SURFACES = ['--surface', '--surface-sunken', '--surface-raised'] as const;
const COLOURED = ['--accent-ink', '--good', '--warn', '--bad', '--code'] as const;

/** What is on what, and the least contrast. */
const PAIRS: readonly (readonly [ink: string, background: string, least: number])[] = [
  ...SURFACES.flatMap((surface) => [
    ['--ink', surface, 7] as const,
    ['--ink-2', surface, 7] as const,
    ['--ink-3', surface, 4.5] as const,
    ...COLOURED.map((ink) => [ink, surface, 4.5] as const),
    ['--line-strong', surface, 3] as const,
  ]),
  ...['--surface-hover', '--surface-selected', '--warn-surface', '--bad-surface', '--added', '--removed', '--mark'].flatMap(
    (background) => [['--ink', background, 7] as const],
  ),
  ['--ink-2', '--surface-hover', 4.5],
  ['--ink-2', '--surface-selected', 4.5],
  ['--ink-3', '--surface-hover', 4.5],
  ['--ink-3', '--surface-selected', 4.5],
  ['--accent-ink', '--surface-selected', 4.5],
  ['--accent-ink', '--surface-hover', 4.5],
  ['--warn', '--warn-surface', 3],
  ['--bad', '--bad-surface', 3],
  ['--on-accent', '--accent', 4.5],
  ['--on-accent', '--accent-hover', 4.5],
  ['--on-accent', '--bad-fill', 4.5],
];

describe.each(Object.entries(themes))('the theme %s', (_name, { tokens, dark }) => {
  const contrast = (from: Tokens, ink: string, background: string): number => {
    const [low = 0, high = 0] = [luminance(from, ink, dark), luminance(from, background, dark)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  test.each(PAIRS)('%s on %s has a contrast of at least %d', (ink, background, least) => {
    expect(contrast(tokens, ink, background)).toBeGreaterThanOrEqual(least);
  });

  test('more contrast makes every grey ink and every line as strong as they get', () => {
    const strong = { ...tokens, ...more };
    for (const surface of SURFACES) {
      for (const ink of ['--ink-2', '--ink-3']) expect(contrast(strong, ink, surface)).toBe(contrast(tokens, '--ink', surface));
      expect(contrast(strong, '--line', surface)).toBeGreaterThanOrEqual(3);
    }
  });
});

test('the computation is that of WCAG: black on white is 21 to 1, a mid grey is in the middle', () => {
  const tokens = { '--white': 'oklch(100% 0 0)', '--black': 'oklch(0% 0 0)', '--grey': 'oklch(59.99% 0 0)' };
  expect(luminance(tokens, '--white', false)).toBeCloseTo(1, 3);
  expect(luminance(tokens, '--black', false)).toBeCloseTo(0, 3);
  expect(luminance(tokens, '--grey', false)).toBeCloseTo(0.216, 2);
});
