/** Real IndexedDB: what the erasure of everything leaves behind. */
import { expect, test, vi } from 'vitest';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { eraseDatabases } from '#store/accounts/erase.ts';
import { workspaceName } from '#store/accounts/registry.ts';
import { openJournal } from '#store/save/journal.ts';
import { journalName } from '#store/schema/journal-database.ts';
import { openActive } from '#store/workspace.ts';
import { mint, must } from '#support/memory-workspace.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };
const names = async (): Promise<readonly string[]> => (await indexedDB.databases()).map(({ name = '' }) => name);

test('the words of a tab that starts in the middle of an erasure are not left behind', async () => {
  const { row } = must(await openActive(ports, { deviceName: 'Test' }));
  // A tab in a long transaction: the deletion of the workspace waits for it.
  const busy = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(workspaceName(row.id));
    request.onsuccess = () => resolve(request.result);
  });
  const erasing = eraseDatabases([row.id]);
  await vi.waitFor(async () => expect(await names()).not.toContain(journalName(row.id)));
  const journal = must(await openJournal(row.id, mint(), systemClock, {}));
  const words = { patch: { title: 'Still here' }, was: {}, builtOn: 0, saveId: mint() };
  must(await journal.write([{ kind: 'note', id: mint(), session: mint(), ...words }]));
  busy.close();
  must(await erasing);
  expect((await names()).filter((name) => name.includes(row.id))).toEqual([]);
});
