/** Makes a failing plan small: what is left is needed for the failure. */
import type { Act, Plan } from './plan.ts';
import type { Outcome } from './simulate.ts';

/** The rule that a violation names: shrinking must not slip from one failure to another. */
export const ruleOf = ({ violations }: Pick<Outcome, 'violations'>): string | undefined => violations[0]?.split(':')[0];

const LUCKS = 5;

/**
 * Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002): drops acts in ever
 * smaller pieces as long as the same rule is broken, then makes the acts themselves plainer. Runs at most `budget` plans.
 */
export async function shrink(plan: Plan, run: (plan: Plan) => Promise<Outcome>, budget = 600): Promise<Plan> {
  const rule = ruleOf(await run(plan));
  if (rule === undefined) return plan;
  let left = budget;
  let best = plan;

  /** A shorter plan meets other chances; a few of them are tried before it counts as sound. */
  const stillFails = async (acts: readonly Act[]): Promise<boolean> => {
    for (let luck = 0; luck < LUCKS && left > 0; luck++) {
      left -= 1;
      const smaller = { ...best, acts, seed: luck === 0 ? best.seed : plan.seed * LUCKS + luck };
      if (ruleOf(await run(smaller)) !== rule) continue;
      best = smaller;
      return true;
    }
    return false;
  };

  for (let size = Math.ceil(plan.acts.length / 2); size >= 1; ) {
    let dropped = false;
    for (let from = 0; from < best.acts.length; ) {
      const without = [...best.acts.slice(0, from), ...best.acts.slice(from + size)];
      if (await stillFails(without)) dropped = true;
      else from += size;
    }
    if (size === 1 && !dropped) break;
    size = dropped ? size : Math.floor(size / 2);
  }
  for (let at = 0; at < best.acts.length; at++) {
    for (const plainer of plainerActs(best.acts[at] as Act)) {
      await stillFails(best.acts.map((act, index) => (index === at ? plainer : act)));
    }
  }
  return best;
}

function plainerActs(act: Act): readonly Act[] {
  if (act.do === 'type')
    return [
      { ...act, count: 1 },
      { ...act, leave: false },
      { ...act, line: true },
    ];
  if ('leave' in act) return [{ ...act, leave: false }];
  if (act.do === 'kill')
    return [
      { ...act, what: 'browser' },
      { ...act, gates: 0 },
    ];
  if (act.do === 'disk')
    return [
      { ...act, times: 1 },
      { ...act, skip: 0 },
    ];
  return [];
}
