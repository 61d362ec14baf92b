import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildSprite } from '#ci/icon-sprite.mjs';
import { iconNames } from '#ui/icon.ts';

describe('the icon sprite', () => {
  test('is what its script makes of the list now', () => {
    expect(readFileSync('public/icons.svg', 'utf8'), 'run: node .ci/icon-sprite.mjs').toBe(buildSprite());
  });

  test('holds no icon that nobody uses', () => {
    const source = readdirSync('src/ui', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('icon.ts'))
      .map((file) => readFileSync(`src/ui/${file}`, 'utf8'))
      .join('\n');
    expect(iconNames.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  });
});
