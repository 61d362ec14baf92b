/** E4, over random workspaces with the real store: the dry run is the result, a second time changes nothing, and an undo is the state before. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyText } from '#core/entity-key.ts';
import type { RestoreChoice, RestoreWay } from '#core/restores.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { runs } from '#support/property-runs.ts';
import { openRestoresWorld, type RestoresWorld, writesOf } from '#support/restores-world.ts';

const way = fc.constantFrom<RestoreWay>('merge', 'overwrite', 'copy');
const anyWay = fc.constantFrom<RestoreWay>('merge', 'overwrite', 'copy', 'skip');
const act = fc.record({
  what: fc.constantFrom('edit', 'title', 'tags', 'bin', 'add', 'purge', 'message', 'answer'),
  at: fc.nat(),
  text: fc.constantFrom('', 'one', 'one\n\ntwo', 'two\n\nthree', 'two'),
});
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

interface Content {
  readonly notes: string[];
  readonly chats: string[];
  readonly messages: string[];
}

const pick = (ids: readonly string[], at: number): string => ids[at % ids.length] ?? '';

async function perform(world: RestoresWorld, { notes, chats, messages }: Content, { what, at, text }: Act): Promise<void> {
  world.time.ms += 1000;
  if (what === 'add') notes.push(await world.save('note', mint(), { title: text, text }));
  else if (what === 'message') {
    const fields = { chatId: pick(chats, at), text, role: 'user', createdAt: at, follows: pick([...messages, ''], at) || null };
    messages.push(await world.save('message', mint(), fields));
  } else if (what === 'answer') {
    if (messages.length > 0) await world.save('message', pick(messages, at), { text });
  } else if (what === 'purge') {
    const kind = at % 3 === 0 ? 'chat' : 'note';
    must(await world.store.purge(kind, [pick(kind === 'chat' ? chats : notes, at)]));
  } else if (what === 'title' && at % 2 === 0) await world.save('chat', pick(chats, at), { title: text });
  else {
    const patch = what === 'bin' ? { binnedAt: at % 2 === 0 ? 5 : null } : what === 'title' ? { title: text } : { text };
    await world.save('note', pick(notes, at), patch);
  }
}

const restores = fc.record({
  before: fc.array(act, { maxLength: 12 }),
  since: fc.array(act, { maxLength: 12 }),
  way,
  skipNewer: fc.boolean(),
  kinds: fc.dictionary(fc.constantFrom('note', 'chat', 'message'), anyWay, { maxKeys: 2 }),
  entity: fc.option(anyWay, { nil: null }),
  only: fc.option(fc.nat(), { nil: null }),
});

test('the dry run is the result, the same again changes nothing, and an undo gives back what was there', async () => {
  await fc.assert(
    fc.asyncProperty(restores, async ({ before, since, way: chosen, skipNewer, kinds, entity, only }) => {
      const world = await openRestoresWorld();
      const content: Content = { notes: [...(await world.writeNotes(3))], chats: [], messages: [] };
      for (let n = 0; n < 2; n++) content.chats.push(await world.save('chat', mint(), { title: `Chat ${n}` }));
      for (const one of before) await perform(world, content, one);
      const { id } = must(await world.backUp());
      for (const one of since) await perform(world, content, one);
      const choice: RestoreChoice = {
        way: chosen,
        skipNewer,
        kinds: { ...kinds },
        entities: entity === null ? {} : { [`note/${content.notes[0]}`]: entity },
        only: only === null ? null : ['note', pick(content.notes, only)],
      };
      const here = await world.stateOf();
      const plan = await world.plan(id, choice);
      expect(await world.stateOf()).toEqual(here);

      const restored = must(await world.restore(id, choice));
      const after = await world.stateOf();
      const changed = Object.keys({ ...here, ...after }).filter(
        (key) => JSON.stringify(here[key]) !== JSON.stringify(after[key]),
      );
      const named = plan.entities.filter(({ type }) => type === 'added' || type === 'revived' || type === 'changed').map(keyText);
      const copies = plan.entities.filter(({ type }) => type === 'copied').length;
      expect(changed.filter((key) => key in here).sort()).toEqual(named.filter((key) => key in here).sort());
      expect(changed).toEqual(expect.arrayContaining(named));
      expect(changed.length).toBe(named.length + copies);
      expect(writesOf(plan)).toBe(changed.length);
      expect(restored.changed).toBe(changed.length);
      // Nothing is ever removed.
      expect(Object.keys(after)).toEqual(expect.arrayContaining(Object.keys(here)));
      for (const { kind, id: of, type, changes } of plan.entities) {
        if (type !== 'changed') continue;
        for (const { field } of changes) expect(after[`${kind}/${of}`]?.[field]).not.toEqual(here[`${kind}/${of}`]?.[field]);
      }

      expect(writesOf(await world.plan(id, choice))).toBe(0);
      const again = must(await world.restore(id, choice));
      expect(again.changed).toBe(0);
      expect(await world.stateOf()).toEqual(after);

      expect(await world.undo(again.id)).toMatchObject({ keptEdited: 0 });
      expect(await world.undo(restored.id)).toMatchObject({ state: 'undone', keptEdited: 0 });
      expect(await world.stateOf()).toEqual(here);
    }),
    { numRuns: runs(60) },
  );
});
