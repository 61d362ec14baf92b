/** A start without anything where there was work before: whichever tab is first, the person is asked. Over real databases. */
import { beforeEach, expect, test } from 'vitest';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { isUndecided } from '#store/accounts/marker.ts';
import { REGISTRY_NAME } from '#store/accounts/registry.ts';
import { MARKER } from '#store/schema/context.ts';
import { openActive, openRegistry } from '#store/workspace.ts';
import { mint, must } from '#support/memory-workspace.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };
const device = { deviceName: 'Test' };

beforeEach(async () => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const asked = indexedDB.deleteDatabase(REGISTRY_NAME);
  asked.onsuccess = () => resolve();
  asked.onerror = () => reject(asked.error);
  await promise;
});

/** Opens it as a tab does, and says whether the person has to be asked. */
async function openTab(wasUsed: boolean): Promise<boolean> {
  const { kv, close } = must(await openActive(ports, device, null, { wasUsed: async () => wasUsed }));
  const { marker } = must(await kv.read({ marker: MARKER }));
  close();
  return isUndecided(marker);
}

test('a tab that finds the workspace made, and not marked yet, asks all the same', async () => {
  const { registry } = must(await openRegistry(ports));
  // The other tab was ended here, or is as slow.
  must(await registry.active(device));
  expect(await openTab(true)).toBe(true);
  // The answer is the person's alone, however many tabs follow.
  expect(await openTab(false)).toBe(true);
});

test('an account that its cookie names is nothing to ask about: its work comes from the server', async () => {
  const known = { accountId: mint(), deviceId: mint(), deviceName: 'Test', recoverable: true };
  const asked = { wasUsed: async () => true, askByCookie: async () => known };
  const { row, kv, close } = must(await openActive(ports, device, null, asked));
  const { marker } = must(await kv.read({ marker: MARKER }));
  close();
  expect(row.accountId).toBe(known.accountId);
  expect(isUndecided(marker)).toBe(false);
});
