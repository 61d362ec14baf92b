import { expect, test } from 'vitest';
import { Failure } from '#backup/kept/failure.ts';
import { listLost } from '#backup/kept/lost-backups.ts';
import { backupInfo } from '#support/backup-info.ts';

test('one workspace whose backups cannot be listed hides no other', async () => {
  const backups = { first: [backupInfo(1, 1)], third: [backupInfo(3, 1), backupInfo(2, 1)] };
  const found = await listLost(['first', 'second', 'third'], async (id) => {
    if (id === 'second') throw new Failure({ type: 'PlaceFailed', reason: 'unreadable' });
    return { backups: backups[id as 'first'], damaged: [] } as never;
  });
  expect(found.map(({ workspaceId, count, newest }) => [workspaceId, count, newest.madeAt])).toEqual([
    ['third', 2, 3],
    ['first', 1, 1],
  ]);
});
