/**
 * `npm run chaos -- lost-storage`: takes stores of the browser away between two starts, HOLDFAST_CHAOS_LOSSES times each (20 by
 * default), and prints what came back and how fast, beside an ordinary start of the same run.
 */
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { type StoreName, startLostStorageRun } from '#support/lost-storage-run.ts';
import { test } from '#support/test.ts';

const rounds = Number(process.env.HOLDFAST_CHAOS_LOSSES ?? 20);

const cases: readonly { readonly lost: readonly StoreName[]; readonly unsent: boolean }[] = [
  { lost: [], unsent: true },
  { lost: ['indexedDB'], unsent: true },
  { lost: ['indexedDB', 'fileSystem'], unsent: false },
  { lost: ['indexedDB', 'fileSystem', 'cacheStorage', 'localStorage'], unsent: false },
];

for (const { lost, unsent } of cases) {
  const name = lost.length === 0 ? 'nothing lost' : `${lost.join(', ')} lost`;
  test(`${name}, ${rounds} times: the same account, and its words`, async ({ folder, server, openBrowser }) => {
    const run = startLostStorageRun({ server, profile: join(folder, 'profile-first'), openBrowser: () => openBrowser() });
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const found = await run.lose(lost, round % 2 === 0 ? 'close' : 'kill');
      expect(found.accountAfter).toBe(found.accountBefore);
      times.push(await found.waitFor(unsent ? [found.synced, found.unsent] : [found.synced]));
      await found.page.close();
    }
    const sorted = times.map(Math.round).sort((a, b) => a - b);
    console.log(
      `${name}: ${rounds} of ${rounds}, ${sorted[0]} to ${sorted.at(-1)} ms, median ${sorted[Math.floor(rounds / 2)]} ms`,
    );
  });
}
