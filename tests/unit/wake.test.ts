/** The tries within one wake of the courier: when they come, and when they end. */
import { expect, test } from 'vitest';
import { tryAgain } from '#sw/wake.ts';

const SECOND = 1000;

/** A wake at second 0 in a world where deliveries succeed from `backAt` on, and a page is open until `pageUntil`. */
async function wake({ backAt = Infinity, pageUntil = 0, isWaiting = true, mayPass = true }) {
  let now = 0;
  const tries: number[] = [];
  const outcome = await tryAgain<'done' | 'late'>(
    {
      async deliver() {
        tries.push(now / SECOND);
        return now >= backAt * SECOND ? 'done' : 'late';
      },
      mayPass: (last) => mayPass && last === 'late',
      hasPages: async () => now < pageUntil * SECOND,
      isWaiting: async () => isWaiting,
      async sleep(ms) {
        now += ms;
      },
      now: () => now,
    },
    'late',
  );
  return { outcome, tries, ended: now / SECOND };
}

test('a failure is followed by tries after 1, 3, 10 and 30 seconds, for less than three minutes in all', async () => {
  const { outcome, tries, ended } = await wake({});
  expect(tries).toEqual([1, 4, 14, 44, 74, 104, 134]);
  expect(outcome).toBe('late');
  expect(ended).toBeLessThan(180);
});

test('they end with the first that succeeds, and a server that returns is found within half a minute', async () => {
  for (let backAt = 0; backAt < 130; backAt++) {
    const { outcome, tries } = await wake({ backAt });
    expect(outcome).toBe('done');
    expect((tries.at(-1) ?? Infinity) - backAt).toBeLessThanOrEqual(30);
  }
});

test('while a page is open only the page tries; when it goes, the tries begin', async () => {
  expect(await wake({ pageUntil: 1000 })).toMatchObject({ tries: [], outcome: 'late' });
  expect((await wake({ pageUntil: 60, backAt: 61 })).tries).toEqual([61]);
});

test('with nothing left to wait for, or where no try can end better, it is over at once', async () => {
  expect(await wake({ pageUntil: 1000, isWaiting: false })).toMatchObject({ tries: [], ended: 0 });
  expect(await wake({ mayPass: false })).toMatchObject({ tries: [], ended: 0 });
});
