/** What a save of this tab has left is not read again; whatever is newer, or may be, is. */
import { beforeEach, expect, test } from 'vitest';
import { createKnownViews, type KnownViews } from '#app/known-views.ts';
import type { Fields } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import { ledger } from '#entities/index.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { workspaceSchema } from '#store/schema/schema.ts';
import type { Store, StoreChange } from '#store/store.ts';

const note: KeyPair = ['note', 'n'];
const text = async (views: Pick<KnownViews, 'getChanged'>, [kind, id]: KeyPair = note): Promise<unknown> => {
  const found = await views.getChanged(kind, id);
  return found.ok ? found.value?.fields['text'] : found.error;
};

/** A tab over a store that other tabs write to as well. The news of each commit wait until the tab receives them. */
function openTab() {
  const news: StoreChange[] = [];
  let [saves, reads] = [0, 0];
  const store = createStore({
    kv: createMemoryKv(workspaceSchema),
    clock: systemClock,
    random: systemRandom,
    ledger,
    workspaceId: 'w',
    deviceId: 'd',
    channel: { post: (change) => news.push(change) },
    policy: () => 'newer',
  });
  const save = async (to: Pick<Store, 'save'>, fields: Fields, [kind, id]: KeyPair = note): Promise<void> => {
    const now = await store.get(kind, id);
    const builtOn = now.ok ? (now.value?.localSeq ?? 0) : 0;
    await to.save({ kind, id, patch: fields, base: {}, baseSeq: builtOn, saveId: `save-${++saves}` });
  };
  const views = createKnownViews({
    save: (request) => store.save(request),
    get(kind, id) {
      reads += 1;
      return store.get(kind, id);
    },
  });
  return {
    store,
    views,
    reads: () => reads,
    saveHere: (fields: Fields, key?: KeyPair) => save(views, fields, key),
    saveElsewhere: (fields: Fields, key?: KeyPair) => save(store, fields, key),
    receive() {
      for (const { keys, localSeq } of news.splice(0)) views.noteChange(keys, localSeq);
    },
  };
}

let tab = openTab();
beforeEach(() => {
  tab = openTab();
});

test('the news of an own save are answered without a read, whichever of answer and news comes first', async () => {
  await tab.saveHere({ text: 'one' });
  expect(await text(tab.views)).toBe('one');
  tab.receive();
  expect(await text(tab.views)).toBe('one');
  expect(tab.reads()).toBe(0);
});

test('what another tab has saved since is read', async () => {
  await tab.saveHere({ text: 'one' });
  await tab.saveElsewhere({ text: 'two' });
  tab.receive();
  expect(await text(tab.views)).toBe('two');
  expect(tab.reads()).toBe(1);
});

test('an answer that comes after newer news is not kept', async () => {
  const answer = Promise.withResolvers<void>();
  const slow: Pick<Store, 'save' | 'get'> = {
    get: (kind, id) => tab.store.get(kind, id),
    async save(request) {
      const result = await tab.store.save(request);
      await answer.promise;
      return result;
    },
  };
  const views = createKnownViews(slow);
  const saving = views.save({ kind: 'note', id: 'n', patch: { text: 'one' }, base: {}, baseSeq: 0, saveId: 'slow' });
  await tab.saveElsewhere({ text: 'two' });
  views.noteChange([note], 2);
  answer.resolve();
  await saving;
  expect(await text(views)).toBe('two');
});

test('after news of many changes everything older is read', async () => {
  await tab.saveHere({ text: 'one' });
  await tab.saveElsewhere({ text: 'two' });
  tab.views.noteChange(null, 2);
  expect(await text(tab.views)).toBe('two');
});

test('after an entity was deleted permanently it is read', async () => {
  await tab.saveHere({ text: 'one' });
  await tab.store.purge('note', ['n']);
  tab.receive();
  expect(await tab.views.getChanged('note', 'n')).toMatchObject({ value: { lifecycle: 'purged' } });
});

test('a tab that learns of very many entities forgets none of what it must read', async () => {
  await tab.saveHere({ text: 'one' });
  await tab.saveElsewhere({ text: 'two' });
  tab.receive();
  for (let at = 0; at < 250; at++) await tab.saveElsewhere({ text: 'x' }, ['note', `other-${at}`]);
  tab.receive();
  expect(await text(tab.views)).toBe('two');
  await tab.saveHere({ text: 'three' });
  expect(await text(tab.views)).toBe('three');
  expect(tab.reads()).toBe(1);
});
