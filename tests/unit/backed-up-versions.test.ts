/** What backups hold of one note, for its history. */
import { expect, test } from 'vitest';
import { partPath } from '#backup/kept/parts.ts';
import { openBackupWorld } from '#support/backup-world.ts';
import { mint, must } from '#support/memory-workspace.ts';

test('every state of a note that backups hold is found once, the newest first, and says how many have it', async () => {
  const world = await openBackupWorld();
  const [id = ''] = await world.writeNotes(300);
  const first = must(await world.backUp());
  const second = must(await world.backUp());
  await world.save('note', id, { text: 'later words' });
  const third = must(await world.backUp());
  await world.writeNotes(3);
  const fourth = must(await world.backUp());

  const { versions, hasMore } = await world.kept.versions(['note', id], world.run);
  expect(versions.map(({ fields, ...about }) => ({ ...about, text: fields.text }))).toEqual([
    { text: 'later words', id: fourth.id, madeAt: fourth.madeAt, since: third.madeAt, backups: 2 },
    { text: 'Text of 0', id: second.id, madeAt: second.madeAt, since: first.madeAt, backups: 2 },
  ]);
  expect(hasMore).toBe(false);
  expect((await world.kept.versions(['note', mint()], world.run)).versions).toEqual([]);
});

test('a part that backups share is read once, and no other part is', async () => {
  const world = await openBackupWorld();
  const [id = ''] = await world.writeNotes(500);
  for (let n = 0; n < 5; n++) {
    await world.writeNotes(1);
    must(await world.backUp());
  }
  world.place.calls.length = 0;
  await world.kept.versions(['note', id], world.run);
  expect(world.place.calls.filter((call) => call.startsWith('read parts/'))).toHaveLength(1);
});

test('of very many different backups the newest are looked into, and it says that there are more', async () => {
  const world = await openBackupWorld();
  const [id = ''] = await world.writeNotes(1);
  for (let n = 0; n < 62; n++) {
    await world.save('note', id, { text: `state ${n}` });
    const made = must(await world.backUp());
    await world.kept.pin(made.id, null);
  }
  const { versions, hasMore } = await world.kept.versions(['note', id], world.run);
  expect(versions).toHaveLength(60);
  expect(versions[0]?.fields.text).toBe('state 61');
  expect(hasMore).toBe(true);
});

test('a damaged part hides what is in it, and nothing else', async () => {
  const world = await openBackupWorld();
  const [id = ''] = await world.writeNotes(1);
  const { id: backup } = must(await world.backUp());
  await world.save('note', id, { text: 'later words' });
  must(await world.backUp());
  const { parts } = await world.kept.find(backup);
  for (const { hash } of parts) await world.place.write(partPath(hash), new Uint8Array(3));
  const { versions } = await world.kept.versions(['note', id], world.run);
  expect(versions.map(({ fields }) => fields.text)).toEqual(['later words']);
});
