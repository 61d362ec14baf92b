/** How near the storage of this browser is to its end, and what a person reads about it. */
import type { SaveState } from '#app/app.ts';

export interface StorageFigures {
  readonly usedBytes: number;
  readonly quotaBytes: number;
}

/** `full` is a fact: the browser has refused to save. The others are shares of what it says it allows. */
export type StorageLevel = 'fine' | 'filling' | 'nearly' | 'full';

/** From these shares of the browser's own figure on a person is warned. */
const FILLING = 0.8;
const NEARLY = 0.95;

/**
 * The level, from the browser's figures and from how the last save ended. Chromium names a limit that moves with the use
 * (1 or 10 GiB above it; measured: on a disk of 200 MB it refused at 10 % of its own figure), so that there the failed
 * save is the only sign; Firefox and Safari name a real one.
 */
export function storageLevel(figures: StorageFigures | null, save: SaveState): StorageLevel {
  if (save.type === 'error' && save.error.type === 'QuotaExceeded') return 'full';
  if (!figures || figures.quotaBytes <= 0) return 'fine';
  const share = figures.usedBytes / figures.quotaBytes;
  if (share >= 1) return 'full';
  return share >= NEARLY ? 'nearly' : share >= FILLING ? 'filling' : 'fine';
}

export interface StorageText {
  readonly title: string;
  readonly advice: string;
}

const PAST_WORK = 'What you have written is safe.';

/** `figures` null where the browser names none. */
export function storageText(level: Exclude<StorageLevel, 'fine'>, figures: StorageFigures | null): StorageText {
  const percent = figures && figures.quotaBytes > 0 ? Math.floor((100 * figures.usedBytes) / figures.quotaBytes) : 0;
  switch (level) {
    case 'filling':
      return {
        title: `Storage is ${percent} % full`,
        advice: `${PAST_WORK} Soon this browser may have no room for more: export a copy, and empty the bin.`,
      };
    case 'nearly':
      return {
        title: `Storage is ${percent} % full`,
        advice: `${PAST_WORK} There is room for little more: export a copy now, then empty the bin or free space on this device.`,
      };
    case 'full':
      return {
        title: 'Storage is full',
        advice:
          'What is saved stays, and what you write now is kept in this tab until there is room. Holdfast has let go of what it could: empty the bin, or free space on this device; then it is saved by itself.',
      };
  }
}
