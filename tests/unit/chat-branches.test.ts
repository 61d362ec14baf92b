import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathTo, shownThread, type TreeMessage } from '#features/chat/branches.ts';

const message = (id: string, follows: string | null, createdAt: number): TreeMessage => ({ id, follows, createdAt });
const ids = (thread: readonly { readonly message: TreeMessage }[]) => thread.map((turn) => turn.message.id);

const chat = [
  message('q1', null, 1),
  message('a1', 'q1', 2),
  message('a2', 'q1', 3),
  message('q2', 'a1', 4),
  message('q3', 'a2', 5),
  message('a3', 'q3', 6),
];

describe('a chat with branches', () => {
  test('shows the newest of each place', () => {
    expect(ids(shownThread(chat, new Set()))).toEqual(['q1', 'a2', 'q3', 'a3']);
  });

  test('shows the chosen sibling and what follows it', () => {
    const thread = shownThread(chat, new Set(['a1']));
    expect(ids(thread)).toEqual(['q1', 'a1', 'q2']);
    expect(thread[1]?.siblings).toEqual(['a1', 'a2']);
  });

  test('the way to a message goes by what each follows', () => {
    expect(pathTo(chat, 'q2').map(({ id }) => id)).toEqual(['q1', 'a1', 'q2']);
    expect(pathTo(chat, 'nowhere')).toEqual([]);
  });

  test('a message whose predecessor has not arrived is after the one before it', () => {
    const orphaned = [message('q1', null, 1), message('a1', 'q1', 2), message('q2', 'lost', 3)];
    expect(ids(shownThread(orphaned, new Set()))).toEqual(['q1', 'a1', 'q2']);
  });

  test('a ring ends', () => {
    const ring = [message('x', 'y', 1), message('y', 'x', 2)];
    expect(ids(shownThread(ring, new Set()))).toEqual(['x', 'y']);
  });
});

test('whatever follows whatever: no message is shown twice, and each can be reached by choosing', () => {
  const messages = fc
    .uniqueArray(fc.nat(30), { minLength: 1, maxLength: 12 })
    .chain((names) =>
      fc.tuple(...names.map((name) => fc.tuple(fc.constant(String(name)), fc.option(fc.nat(30).map(String)), fc.nat(5)))),
    )
    .map((all) => all.map(([id, follows, createdAt]) => message(id, follows, createdAt)));
  fc.assert(
    fc.property(messages, (all) => {
      const shown = ids(shownThread(all, new Set()));
      expect(new Set(shown).size).toBe(shown.length);
      for (const { id } of all) {
        const chosen = new Set(pathTo(all, id).map((each) => each.id));
        expect(ids(shownThread(all, chosen))).toContain(id);
      }
    }),
  );
});
