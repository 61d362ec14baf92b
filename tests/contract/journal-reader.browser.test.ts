/** Real IndexedDB: a journal that only some contexts may create, that is deleted, and that does not open. */
import { expect, test, vi } from 'vitest';
import { mintId } from '#core/ids.ts';
import type { Result } from '#core/result.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { openJournal } from '#store/save/journal.ts';
import { journalName, openJournalKv, readJournalKv } from '#store/schema/journal-database.ts';

const mint = (): string => mintId(Date.now(), systemRandom);
const must = <T>(result: Result<T, unknown>): T => (result.ok ? result.value : expect.fail(JSON.stringify(result.error)));
const entry = () => ({ kind: 'note', id: mint(), session: mint(), patch: { title: 'x' }, was: {}, builtOn: 0, saveId: mint() });
const exists = async (name: string): Promise<boolean> => (await indexedDB.databases()).some((one) => one.name === name);
const deleted = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });

/** A reader, and how many rows it finds. */
function read(workspaceId: string, open?: typeof openJournalKv) {
  const reader = readJournalKv(workspaceId, systemClock, open);
  const rows = async () => {
    const found = await reader.read({ rows: { list: 'unsaved', limit: 10 } });
    return found.ok ? found.value.rows.length : found.error.type;
  };
  return { reader, rows };
}

test('a reader finds no rows where there is no journal, creates none, and sees one that comes later', async () => {
  const id = mint();
  const { reader, rows } = read(id);
  expect(await rows()).toBe(0);
  expect(await exists(journalName(id))).toBe(false);
  const journal = must(await openJournal(id, mint(), systemClock, {}));
  must(await journal.write([entry()]));
  expect(await rows()).toBe(1);
  reader.close();
  expect(await rows()).toBe('ConnectionLost');
});

test('a journal that is deleted under a reader is empty for it, and one that is made again has its rows', async () => {
  const id = mint();
  const journal = must(await openJournal(id, mint(), systemClock, {}));
  must(await journal.write([entry()]));
  const { rows } = read(id);
  expect(await rows()).toBe(1);
  await deleted(journalName(id));
  expect(await rows()).toBe(0);
  expect(await exists(journalName(id))).toBe(false);
  const second = must(await openJournal(id, mint(), systemClock, {}));
  must(await second.write([entry(), entry()]));
  expect(await rows()).toBe(2);
});

test('who writes into a journal that was deleted learns of it at once, and is answered that it is gone', async () => {
  const id = mint();
  const onGone = vi.fn();
  const journal = must(await openJournal(id, mint(), systemClock, { onGone }));
  await deleted(journalName(id));
  expect(onGone).toHaveBeenCalledTimes(1);
  expect(await journal.write([entry()])).toEqual({ ok: false, error: { type: 'StorageGone' } });
  expect(await exists(journalName(id))).toBe(false);
});

test('a journal that does not open is not taken for an empty one, and is opened by a later look', async () => {
  const id = mint();
  must(await must(await openJournal(id, mint(), systemClock, {})).write([entry()]));
  let refusals = 2;
  const { rows } = read(id, async (...args) => {
    refusals -= 1;
    return refusals >= 0 ? { ok: false, error: { type: 'QuotaExceeded' } } : openJournalKv(...args);
  });
  expect([await rows(), await rows(), await rows()]).toEqual(['QuotaExceeded', 'QuotaExceeded', 1]);
});

test('a journal that answers late holds nobody up', async () => {
  const id = mint();
  must(await must(await openJournal(id, mint(), systemClock, {})).write([entry()]));
  const gate = Promise.withResolvers<void>();
  const { rows } = read(id, async (...args) => {
    await gate.promise;
    return openJournalKv(...args);
  });
  expect(await rows()).toBe('ConnectionLost');
  gate.resolve();
  expect(await rows()).toBe(1);
});
