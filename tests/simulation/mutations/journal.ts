/** What a page writes in its last moment, and who replays it. */

import { replayLock } from '#core/channels.ts';
import type { Kv, Locks } from '#core/ports.ts';
import { err, ok } from '#core/result.ts';
import { product } from '#simulation/adapters.ts';
import type { Act, Plan } from '#simulation/plan.ts';
import { createPrng } from '#simulation/prng.ts';
import { SCENES } from '#simulation/scenes.ts';
import type { JournalEntry } from '#store/save/journal.ts';
import type { JournalTables } from '#store/schema/journal-database.ts';
import type { UnsavedRow } from '#store/schema/schema.ts';
import type { Store } from '#store/store.ts';
import type { Mutation } from './mutation.ts';
import { withLostReplies } from './session.ts';
import { overwriting } from './wrappers.ts';

export const journal: readonly Mutation[] = [
  {
    name: 'the page writes no journal',
    rule: 'The unload journal',
    needs: ['life'],
    product: {
      createJournal: (...args) => ({ ...product.createJournal(...args), write: async () => ok(undefined) }),
    },
  },
  {
    name: 'the journal is replayed over what is there',
    rule: 'The unload journal never overwrites',
    needs: ['life'],
    product: {
      replayJournal: (kv, store, locks) => product.replayJournal(kv, { ...store, save: overwriting(store as Store).save }, locks),
    },
  },
  {
    // A save that names what the journal had would be merged over it, and make the replay harmless.
    name: 'the journal of a living tab is replayed, and its saves do not say what was in it',
    rule: 'The unload journal leaves rows of a living tab alone',
    needs: ['life'],
    plan: hiddenWhileASaveIsLate,
    product: {
      replayJournal: (kv, store) => product.replayJournal(kv, store, { hold: async (_name, body) => body() } satisfies Locks),
      createStore: (ports) => {
        const store = product.createStore(ports);
        return { ...store, save: ({ journaled: _, ...request }) => store.save(request) };
      },
    },
  },
  {
    name: 'the journal takes the save on its way and what was typed after it for one patch',
    rule: 'The unload journal names the save in flight, and what was typed after it as built on it',
    needs: ['life'],
    plan: SCENES.alone,
    product: {
      createJournal: (...args) => {
        const journal = product.createJournal(...args);
        return { ...journal, write: (entries) => journal.write(entries.map(asOnePatch)) };
      },
    },
  },
  {
    name: 'a change without an editor is not in the journal',
    rule: 'What a person did is in the journal until it is committed, typing or not',
    needs: ['life'],
    plan: SCENES.leaving,
    product: {
      createPatches: ({ sessions, ...ports }) =>
        product.createPatches({
          ...ports,
          sessions: { flush: sessions.flush, track: (work) => sessions.track(work, () => null) },
        }),
    },
  },
  {
    name: 'what is replayed ranks by the time of the replay',
    rule: 'Stamps are the times of typing',
    needs: ['life'],
    plan: SCENES.lateJournal,
    product: {
      replayJournal: (kv, store, locks) =>
        product.replayJournal(kv, { save: ({ typedAt: _, ...request }) => store.save(request) }, locks),
    },
  },
  {
    name: 'a journal row is replayed, and deleted, as it was listed before the lock',
    rule: 'The unload journal reads each row again under its lock, and deletes only the row that it read',
    needs: ['life'],
    plan: closingWhileOthersStart,
    product: { replayJournal: (kv, store, locks) => product.replayJournal(asListed(kv), store, locks) },
  },
  {
    name: 'a journal row stays when its words have been saved',
    rule: 'A journal row lives no longer than the save that holds its words',
    needs: ['life'],
    plan: hiddenWhileTyping,
    product: {
      createJournal: (...args) => ({ ...product.createJournal(...args), clear: async () => ok(undefined) }),
    },
  },
  {
    name: 'a later version of the app replays a journal row under the names that its fields had before',
    rule: 'A journal row names the schema version of its fields',
    needs: [],
    plan: updatedWhileTagging,
    product: {
      createStore: (ports) => {
        const store = product.createStore(ports);
        return { ...store, save: ({ v: _, ...request }) => store.save(request) };
      },
    },
  },
  {
    name: 'a replay whose answer was lost is left to the next start',
    rule: 'Boot: the journal is folded in before anything is shown',
    needs: [],
    plan: (seed) => withLostReplies(SCENES.alone(seed)),
    product: {
      replayJournal: (kv, store, locks) =>
        product.replayJournal(
          kv,
          {
            async save(request) {
              const saved = await store.save(request);
              const isLost = !saved.ok && saved.error.type === 'ConnectionLost';
              return isLost ? err({ type: 'StorageFailed', reason: 'not tried again' }) : saved;
            },
          },
          locks,
        ),
    },
  },
  {
    name: 'a start does not wait for whoever replays the journal',
    rule: 'The unload journal: one at a time replays a row',
    needs: [],
    plan: SCENES.alone,
    product: {
      replayJournal: (kv, store, locks) =>
        product.replayJournal(kv, store, {
          hold: (name, body, options) =>
            name === replayLock(name.split(':')[1] ?? '') ? body() : locks.hold(name, body, options),
        }),
    },
  },
];

/** As the rows of version 2 were: the save on its way is in the patch, under the name of the next. */
function asOnePatch({ inFlight, ...entry }: JournalEntry): JournalEntry {
  if (!inFlight) return entry;
  const { patch, was, builtOn } = inFlight;
  return { ...entry, patch: { ...patch, ...entry.patch }, was: { ...entry.was, ...was }, builtOn };
}

/** Rows as they were when they were listed, also where they have been written since. */
function asListed(kv: Kv<JournalTables>): Kv<JournalTables> {
  const listed = new Map<unknown, UnsavedRow>();
  const stale = <R extends object>(rows: R): R =>
    Object.fromEntries(
      Object.entries(rows).map(([name, row]) => [name, (row && listed.get((row as UnsavedRow).key)) ?? row]),
    ) as R;
  return {
    ...kv,
    async read(reads) {
      const found = await kv.read(reads);
      if (!found.ok) return found;
      const all = Object.values(found.value).find(Array.isArray) as readonly UnsavedRow[] | undefined;
      for (const row of all ?? []) listed.set(row.key, row);
      return ok(all ? found.value : stale(found.value));
    },
    transact: (reads, body, durability) => kv.transact(reads, (rows) => body(stale(rows)), durability),
  };
}

/** A person types into two notes and closes the tab, which rewrites its row in its last moment, while others start. */
function closingWhileOthersStart(seed: number): Plan {
  const random = createPrng(seed).fork('closing');
  const made = { do: 'new', device: 0, tab: 0, chat: false } as const;
  const acts: Act[] = [
    { at: 100, ...made, note: 0 },
    { at: 600, ...made, note: 1 },
  ];
  const typing = { do: 'type', device: 0, tab: 0, field: 'text', place: 1, line: true, leave: false, count: 8 } as const;
  for (let burst = 1; burst <= 8; burst++) {
    const at = burst * 20_000;
    const hidden = at + random.between(50, 700);
    const soon = (): number => hidden + random.between(0, 300);
    for (const note of [0, 1]) acts.push({ at: at + note, ...typing, note, gapMs: random.between(20, 150) });
    acts.push({ at: hidden, do: 'hide', device: 0, tab: 0 });
    acts.push({ at: soon(), do: 'reload', device: 0, tab: 1 }, { at: soon(), do: 'open', device: 0, tab: 2 });
    acts.push({ at: soon(), do: 'close', device: 0, tab: 0 }, { at: at + 6000, do: 'close', device: 0, tab: 1 });
  }
  return { seed, devices: [{ skewMs: 0, courier: true, lag: 0.7 }], acts: acts.sort((a, b) => a.at - b.at) };
}

/** A person types on in a tab that is hidden and shown again, while another tab starts and replays the journal. */
function hiddenWhileTyping(seed: number): Plan {
  const random = createPrng(seed).fork('hidden');
  const acts: Act[] = [{ at: 100, do: 'new', device: 0, tab: 0, note: 0, chat: false }];
  const typing = { do: 'type', device: 0, tab: 0, note: 0, field: 'text', place: 1, line: true, leave: false } as const;
  for (let burst = 1; burst <= 6; burst++) {
    const at = burst * 20_000;
    acts.push({ at, ...typing, count: 8, gapMs: 80 });
    acts.push({ at: at + random.between(100, 600), do: 'hide', device: 0, tab: 0 });
    acts.push({ at: at + random.between(100, 700), do: 'reload', device: 0, tab: 1 });
    acts.push({ at: at + random.between(100, 700), do: 'open', device: 0, tab: 1 });
  }
  return { seed, devices: [{ skewMs: 0, courier: true, lag: 0 }], acts: acts.sort((a, b) => a.at - b.at) };
}

/** The store worker of a tab dies under a save; the tab is hidden with more typed, the courier wakes, and typing goes on. */
function hiddenWhileASaveIsLate(seed: number): Plan {
  const random = createPrng(seed).fork('late');
  const acts: Act[] = [{ at: 100, do: 'new', device: 0, tab: 0, note: 0, chat: false }];
  const typing = {
    do: 'type',
    device: 0,
    tab: 0,
    note: 0,
    field: 'title',
    place: 1,
    line: false,
    leave: false,
    count: 1,
  } as const;
  for (let burst = 1; burst <= 4; burst++) {
    const at = burst * 40_000;
    acts.push({ at, ...typing, gapMs: 80 });
    acts.push({ at: at + random.between(150, 260), do: 'kill', device: 0, tab: 0, what: 'worker', gates: random.between(0, 3) });
    acts.push({ at: at + 500, ...typing, gapMs: 80 });
    acts.push({ at: at + 700, do: 'hide', device: 0, tab: 0 });
    acts.push({ at: at + random.between(800, 1500), ...typing, gapMs: 80 });
  }
  return { seed, alone: true, devices: [{ skewMs: 0, courier: true, lag: 0 }], acts: acts.sort((a, b) => a.at - b.at) };
}

/** A person gives one tag after the other, and the page is replaced by a later version of the app in the middle of it. */
function updatedWhileTagging(seed: number): Plan {
  const random = createPrng(seed).fork('updated');
  const tagging = { do: 'type', device: 0, tab: 0, note: 0, field: 'tags', place: 1, line: true, leave: false } as const;
  const acts: readonly Act[] = [
    { at: 100, do: 'new', device: 0, tab: 0, note: 0, chat: false },
    { at: 20_000, ...tagging, count: 2, gapMs: 500 },
    { at: 40_000, ...tagging, count: 20, gapMs: random.between(60, 240) },
  ];
  const device = { skewMs: 0, courier: random.chance(0.5), lag: 0 };
  return { seed, devices: [device, { ...device, newer: true }], acts };
}
