/** What a page writes in its last moment, and who folds it in. */
import type { Locks } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import { product } from '#simulation/adapters.ts';
import type { Act, Plan } from '#simulation/plan.ts';
import { createPrng } from '#simulation/prng.ts';
import type { Store } from '#store/store.ts';
import type { Mutation } from './mutation.ts';
import { overwriting } from './wrappers.ts';

export const journal: readonly Mutation[] = [
  {
    name: 'the page writes no journal',
    rule: 'The unload journal',
    needs: ['life'],
    product: {
      createJournal: (...args) => ({ ...product.createJournal(...args), write: async () => ok(undefined) }),
    },
  },
  {
    name: 'the journal is folded over what stands there',
    rule: 'The unload journal never overwrites',
    needs: ['life'],
    product: {
      foldJournal: (kv, store, locks) => product.foldJournal(kv, { ...store, save: overwriting(store as Store).save }, locks),
    },
  },
  {
    name: 'the journal of a living tab is folded in',
    rule: 'The unload journal leaves rows of a living tab alone',
    needs: ['life'],
    plan: hiddenWhileTyping,
    product: {
      foldJournal: (kv, store) => product.foldJournal(kv, store, { hold: async (_name, body) => body() } satisfies Locks),
    },
  },
];

/** A person types on in a tab that is hidden and shown again, while another tab starts and folds in the journal. */
function hiddenWhileTyping(seed: number): Plan {
  const random = createPrng(seed).fork('hidden');
  const acts: Act[] = [{ at: 100, do: 'new', device: 0, tab: 0, note: 0, chat: false }];
  const typing = { do: 'type', device: 0, tab: 0, note: 0, field: 'text', place: 1, line: true, leave: false } as const;
  for (let burst = 1; burst <= 6; burst++) {
    const at = burst * 20_000;
    acts.push({ at, ...typing, count: 8, gapMs: 80 });
    acts.push({ at: at + random.between(100, 600), do: 'hide', device: 0, tab: 0 });
    acts.push({ at: at + random.between(100, 700), do: 'reload', device: 0, tab: 1 });
    acts.push({ at: at + random.between(100, 700), do: 'open', device: 0, tab: 1 });
  }
  return { seed, devices: [{ skewMs: 0, courier: true, lag: 0 }], acts: acts.sort((a, b) => a.at - b.at) };
}
