/** What a restore and its undo meet: later deletions, other versions of the app, other tabs. */
import { afterEach, expect, test } from 'vitest';
import type { Kv } from '#core/ports.ts';
import { newerLedger } from '#simulation/newer-app.ts';
import { applyRestore, finishRestore } from '#store/restore/apply-restore.ts';
import { undoBatch } from '#store/restore/undo-restore.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { backUp, decided, itemsFor, stateOf } from '#support/restore-world.ts';
import { closeServers, openDevice, openServer } from '#support/restored-world.ts';

afterEach(closeServers);

test('what was deleted after the backup stays deleted where everything newer is to stay', async () => {
  const here = await openDevice(await openServer());
  const note = mint();
  await here.save(note, { title: 'First' });
  const records = await backUp(here);
  must(await here.store.purge('note', [note]));
  must(await applyRestore(here.context, { id: mint(), ...decided }, 0, itemsFor(here.context, records, 'merge', true)));
  expect(must(await here.store.get('note', note))?.lifecycle).toBe('purged');
});

test('an undo gives back what an earlier version of the app had written, as its migrations make it', async () => {
  const here = await openDevice(await openServer());
  const note = mint();
  await here.save(note, { title: 'First', tags: ['a'] });
  const records = await backUp(here);
  await here.save(note, { title: 'Second', tags: ['b'] });
  const updated = { ...here.context, ledger: newerLedger };
  const id = mint();
  must(await applyRestore(updated, { id, ...decided }, 0, itemsFor(updated, records, 'overwrite')));
  must(await finishRestore(updated, id));
  expect(await here.fields(note)).toMatchObject({ title: 'First', labels: ['a'] });
  must(await undoBatch(updated, id));
  expect(await here.fields(note)).toMatchObject({ title: 'Second', labels: ['b'] });
  expect(await here.fields(note)).not.toHaveProperty('tags');
});

test('a batch that is written while another tab takes the restore back is taken back, too', async () => {
  const here = await openDevice(await openServer());
  const notes = [mint(), mint()];
  for (const note of notes) await here.save(note, { title: 'First' });
  const records = (await backUp(here)).filter(({ kind }) => kind === 'note');
  for (const note of notes) await here.save(note, { title: 'Second' });
  const before = await stateOf(here);
  const items = itemsFor(here.context, records, 'overwrite');
  const id = mint();
  // Nothing is written yet: the other tab has begun.
  must(await applyRestore(here.context, { id, ...decided }, 0, []));
  let next = 0;
  const { kv } = here.context;
  const meanwhile: Kv<WorkspaceTables> = {
    ...kv,
    async read(reads) {
      const found = await kv.read(reads);
      if (next < items.length) must(await applyRestore(here.context, { id, ...decided }, next, items.slice(next, ++next)));
      return found;
    },
  };
  for (;;) if (must(await undoBatch({ ...here.context, kv: meanwhile }, id)).state === 'undone') break;
  expect(await stateOf(here)).toEqual(before);
});
