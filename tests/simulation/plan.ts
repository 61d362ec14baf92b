import type { Plan, Trouble } from './acts.ts';
import { BACKUP_SCENES, withBackups } from './backup-scenes.ts';
import { BLOB_SCENES, withBlobs } from './blob-scenes.ts';
import { LOST_SCENES } from './lost-scenes.ts';
import { makeMixedPlan } from './mixed-plan.ts';
import { PAST_SCENES } from './past-scenes.ts';
import { createPrng } from './prng.ts';
import { RESTORED_SCENES } from './restored-scenes.ts';
import { SCENES } from './scenes.ts';

export type { Act, Deed, DevicePlan, Plan, Trouble } from './acts.ts';

export const ALL_SCENES = {
  ...SCENES,
  ...PAST_SCENES,
  ...LOST_SCENES,
  ...RESTORED_SCENES,
  ...BLOB_SCENES,
  ...BACKUP_SCENES,
} as const;
export type SceneName = keyof typeof ALL_SCENES;

const LANDED = [
  SCENES.closing,
  SCENES.alone,
  SCENES.takingTurns,
  SCENES.deleting,
  SCENES.deletingHere,
  SCENES.families,
  SCENES.wrongClock,
  SCENES.lateJournal,
  SCENES.losing,
];

/** The plan of a seed. One in four has files, one in five backups, a few have both; of the others one in three is a scene, in which one danger is dense; `needs` are troubles that it has in any case. */
export function makePlan(seed: number, needs: readonly Trouble[] = []): Plan {
  // By dice of their own: the other seeds stay what they were.
  const files = createPrng(seed).fork('files');
  if (needs.length === 0 && files.chance(0.1)) return files.pick([...Object.values(BLOB_SCENES)])(seed);
  const backups = createPrng(seed).fork('with backups');
  if (needs.length === 0 && backups.chance(0.1)) return backups.pick([...Object.values(BACKUP_SCENES)])(seed);
  const plan = makeWordsPlan(seed, needs);
  if (needs.length > 0 || plan.alone) return plan;
  if (files.chance(0.15)) return backups.chance(0.25) ? withBackups(withBlobs(plan)) : withBlobs(plan);
  return backups.chance(0.1) ? withBackups(plan) : plan;
}

/** The plan of a seed in which there are no files. */
function makeWordsPlan(seed: number, needs: readonly Trouble[]): Plan {
  const dice = createPrng(seed).fork('scene');
  if (needs.length > 0 || dice.chance(0.67)) return makeMixedPlan(seed, needs);
  // By dice of their own: the other seeds stay what they were.
  const more = createPrng(seed).fork('more scenes');
  if (more.chance(0.2)) return more.pick([SCENES.longPast, SCENES.puttingBack, PAST_SCENES.behind])(seed);
  return dice.pick(LANDED)(seed);
}
