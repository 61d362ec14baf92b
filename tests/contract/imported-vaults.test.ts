/** Vaults of other apps whose folders have the same name: neither is written over the other, and each is known when it comes again. */
import { expect, test } from 'vitest';
import { bringFolder } from '#backup/markdown/bring-folder.ts';
import { bringFolderPorts } from '#support/bring-ports.ts';
import { must } from '#support/memory-workspace.ts';
import { MERGE, openRestoresWorld, type RestoresWorld, writesOf } from '#support/restores-world.ts';

type Vault = Readonly<Record<string, string>>;

const WORK: Vault = {
  'README.md': '# README\n\nHow we work here.\nAsk Ann about keys.',
  'Inbox.md': '- call the plumber\n- order paper',
  'Plans/2026.md': '# 2026\n\nMove to the new house in May.\nSell the old one.',
};
const STUDY: Vault = {
  'README.md': '# README\n\nBiology, first term.',
  'Inbox.md': '- read chapter 4',
  'Cells.md': 'A cell has a wall.',
};

async function bring(world: RestoresWorld, vault: Vault, modifiedAt: number): Promise<string> {
  const picked = Object.entries(vault).map(([path, text]) => ({
    path: `Notes/${path}`,
    file: new File([text], path, { lastModified: modifiedAt }),
  }));
  const brought = await bringFolder('Notes', picked, bringFolderPorts(world));
  if (brought.type !== 'brought') throw new Error(JSON.stringify(brought));
  return brought.backup.id;
}

async function importInto(world: RestoresWorld, vault: Vault): Promise<number> {
  world.time.ms += 60_000;
  const id = await bring(world, vault, world.time.ms - 1000);
  const writes = writesOf(await world.plan(id, MERGE));
  must(await world.restore(id, MERGE));
  return writes;
}

const textsOf = async (world: RestoresWorld): Promise<readonly unknown[]> =>
  Object.entries(await world.stateOf())
    .filter(([key]) => key.startsWith('note/'))
    .map(([, { text }]) => text)
    .sort();

test('a second vault of the same name writes over nothing of the first', async () => {
  const world = await openRestoresWorld();
  await importInto(world, WORK);
  expect(await importInto(world, STUDY)).toBe(3);
  expect(await textsOf(world)).toEqual([...Object.values(WORK), ...Object.values(STUDY)].sort());
  // Both are known again.
  expect([await importInto(world, WORK), await importInto(world, STUDY)]).toEqual([0, 0]);
  expect(await textsOf(world)).toHaveLength(6);
});

test('a vault that was edited, there or here, is the same vault', async () => {
  const world = await openRestoresWorld();
  await importInto(world, WORK);
  await importInto(world, STUDY);
  const edited = { ...STUDY, 'Cells.md': 'A cell has a wall.\n\nAnd a nucleus.', 'New.md': 'One more.' };
  expect(await importInto(world, edited)).toBe(2);
  expect(await textsOf(world)).toEqual([...Object.values(WORK), ...Object.values(edited)].sort());
  const plans = Object.entries(await world.stateOf()).find(([, { text }]) => String(text).includes('new house'));
  await world.save('note', String(plans?.[0]).slice('note/'.length), { text: 'Another text altogether.' });
  await importInto(world, { ...WORK, 'Inbox.md': '- order paper\n- buy stamps' });
  expect(await textsOf(world)).toHaveLength(7);
});

test('notes that were deleted permanently come back as those of their vault', async () => {
  const world = await openRestoresWorld();
  await importInto(world, WORK);
  const before = Object.keys(await world.stateOf()).filter((key) => key.startsWith('note/'));
  must(
    await world.store.purge(
      'note',
      before.map((key) => key.slice('note/'.length)),
    ),
  );
  expect(await importInto(world, WORK)).toBe(3);
  expect(Object.keys(await world.stateOf()).filter((key) => key.startsWith('note/'))).toEqual(before);
});
