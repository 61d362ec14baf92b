/** What trying a restore has come to, in words. */
import { type DrillFault, type DrillReport, type Drills, hasHeld } from '#core/drills.ts';
import { errorText } from './error-text.ts';
import { ago, amountText, count, duration } from './time-text.ts';

export const faultWords: { readonly [F in DrillFault]: string } = {
  damaged: 'cannot be read',
  missing: 'did not come back',
  different: 'came back as something else',
  'not-as-here': 'is not as it is here',
};

/** `Last tried 3 days ago: 1,204 of 1,204 entries came back`; what this version of the app cannot restore is counted by itself. */
export function drillSentence({ at, records, held, leftOut }: DrillReport, now: number): string {
  const newer = leftOut === 0 ? '' : `; ${amountText(leftOut)} can only be restored by a newer version of Holdfast`;
  return `Last tried ${ago(now - at)}: ${amountText(held)} of ${count(records, 'entry', 'entries')} came back${newer}`;
}

/** What is wrong with the last try, and what to do; null where everything came back, or nothing was tried. */
export function drillProblem(
  { last, failure, heldAt }: Drills,
  now: number,
): { readonly title: string; readonly advice: string } | null {
  const held = heldAt === null ? '' : ` Everything last came back ${duration(now - heldAt)} ago.`;
  if (failure) {
    const { title, advice } = errorText(failure.error);
    return { title: `The last try of a restore came to no end: ${title}`, advice: `${advice}${held}` };
  }
  if (!last || hasHeld(last)) return null;
  return {
    title: `${count(last.lost, 'entry', 'entries')} would not come back`,
    advice: `Your work itself is here as it was. Make a new backup, which writes anew what is damaged, and try it.${held}`,
  };
}
