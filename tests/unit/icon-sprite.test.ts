import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildFrameIcons, buildSprite, FRAME_ICONS, SPRITE } from '#ci/icon-sprite.mjs';
import { frameIconNames, spriteIconNames } from '#ui/parts/icon.ts';

describe('the icon sprite', () => {
  test('and the icons of the frame are what their script makes of the lists now', () => {
    expect(readFileSync(SPRITE, 'utf8'), 'run: node .ci/icon-sprite.mjs').toBe(buildSprite());
    expect(readFileSync(FRAME_ICONS, 'utf8'), 'run: node .ci/icon-sprite.mjs').toBe(buildFrameIcons());
  });

  test('holds no icon that nobody uses', () => {
    const source = readdirSync('src/ui', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('icon.ts') && !file.endsWith('frame-icons.ts'))
      .map((file) => readFileSync(`src/ui/${file}`, 'utf8'))
      .join('\n');
    expect([...frameIconNames, ...spriteIconNames].filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  });
});
