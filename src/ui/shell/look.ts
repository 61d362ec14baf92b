/**
 * How the page looks and moves, as attributes of its root: `tokens.css` and `themes.css` answer to them. Pure: what the
 * settings and the system say goes in, attributes come out. `theme-boot.js` sets the same ones before the first paint.
 */
import { effectiveSetting, type SettingSources, type SettingValues, visionFilter } from '#entities/effective-settings.ts';

/** The sizes that the style sheet knows, as factors of the default. */
export const textSizes = [0.875, 1, 1.125, 1.25, 1.5] as const;
export const lineSpacings = [1, 1.15, 1.3] as const;

/** What the operating system asks for. */
export interface SystemLook {
  readonly reducedMotion: boolean;
  readonly moreContrast: boolean;
}

/** The attributes by name, `data-theme` as `theme`. One that is absent means the default. */
export type LookAttributes = { readonly [name in (typeof lookAttributeNames)[number]]?: string };

export const lookAttributeNames = ['theme', 'effects', 'text', 'lines', 'motion', 'still', 'contrast', 'vision'] as const;

export function lookAttributes(sources: SettingSources, system: SystemLook): LookAttributes {
  const read = <N extends keyof SettingValues>(name: N): SettingValues[N] => effectiveSetting(name, sources).value;
  const theme = read('theme');
  const text = nearest(textSizes, read('textSize'));
  const lines = nearest(lineSpacings, read('lineSpacing'));
  const motion = read('motion');
  const vision = visionFilter(read('visionMode'));
  const still = motion === 'reduce' || (motion === 'system' && system.reducedMotion);
  return {
    ...(theme !== 'system' && { theme }),
    ...(!read('effects') && { effects: 'off' }),
    ...(text !== 1 && { text: String(text) }),
    ...(lines !== 1 && { lines: String(lines) }),
    ...(motion !== 'system' && { motion }),
    ...(still && { still: '' }),
    ...((read('highContrast') || system.moreContrast) && { contrast: 'more' }),
    ...(vision !== 'none' && { vision }),
  };
}

/** The step that is closest to a value, which another version may have chosen from other steps. */
export function nearest(steps: readonly number[], value: number): number {
  return steps.reduce((best, step) => (Math.abs(step - value) < Math.abs(best - value) ? step : best), 1);
}
