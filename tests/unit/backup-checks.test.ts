/** What is noted beside backups, where a place was damaged as a whole. */
import { expect, test } from 'vitest';
import { type Checks, checkOf, readChecks, writeChecks } from '#backup/kept/checks.ts';
import { createMemoryPlace } from '#support/memory-place.ts';

test('notes of damage that are too long lose the names in it, and never what must stay', async () => {
  const place = createMemoryPlace();
  const title = 'What a long note is called, as people write it';
  const entities = Array.from({ length: 64 }, (_, at) => ({ kind: 'note', id: `019ca8a0-ee1e-7746-ab83-${at}`, title }));
  const part = { from: ['note', '1'], to: null, records: 64, entities } as const;
  const damaged = Array.from({ length: 1600 }, (_, at) => ({ ...part, hash: String(at).padStart(64, '0') }));
  const checks: Checks = { lost: { checkedAt: 5, damaged }, needed: { checkedAt: 5, damaged: [], keepUntil: null } };
  await writeChecks(place, checks, ['lost', 'needed']);
  expect(place.files.get('checks.json')?.length).toBeLessThan(8_000_000);
  const read = await readChecks(place);
  expect(checkOf(read, 'needed').keepUntil).toBeNull();
  expect(checkOf(read, 'lost').damaged.map(({ hash }) => hash)).toEqual(damaged.map(({ hash }) => hash));
});
