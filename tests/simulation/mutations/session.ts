/** What the page promises: a save is one save however often it is tried, and the journal keeps what is not saved (invariant 20). */
import type { Write } from '#core/ports.ts';
import { product } from '#simulation/adapters.ts';
import { type Act, makePlan, type Plan } from '#simulation/plan.ts';
import { SCENES } from '#simulation/scenes.ts';
import type { JournalEntry } from '#store/save/journal.ts';
import type { Mutation } from './mutation.ts';
import { put, type Rows, withWrites } from './wrappers.ts';

export const session: readonly Mutation[] = [
  {
    name: 'the journal row is taken away while more is typed',
    rule: 'The unload journal: a row goes with the save that holds its words',
    needs: [],
    plan: typedOnWhileHidden,
    product: {
      createSessions: (options) => {
        let written: readonly JournalEntry[] = [];
        const sessions = product.createSessions({
          ...options,
          async save(request) {
            const answer = await options.save(request);
            if (answer.ok) for (const entry of written) options.clearJournal(entry);
            return answer;
          },
        });
        return {
          ...sessions,
          journalEntries() {
            written = sessions.journalEntries();
            return written;
          },
        };
      },
    },
  },
  {
    name: 'a save that is repeated has another saveId',
    rule: 'Saving: a retry after a lost reply is harmless',
    needs: [],
    plan: (seed) => withLostReplies(SCENES.alone(seed)),
    product: {
      createSessions: (options) =>
        product.createSessions({
          ...options,
          save: (request) => options.save({ ...request, saveId: options.mintId() }),
        }),
    },
  },
  {
    name: 'what the server refused is sent again under the same opId, with what was edited since',
    rule: 'Outbox: a later try has a new opId',
    needs: ['full'],
    plan: (seed) => editedInQuarantine(makePlan(seed, ['full'])),
    product: withWrites(parkedUnderItsName),
  },
];

/** A person types on in a tab that was hidden; the save of what they had typed before is answered, and the page is killed. */
function typedOnWhileHidden(seed: number): Plan {
  const plan = SCENES.closing(seed);
  const acts = plan.acts.map((act): Act => {
    if (act.do !== 'close') return act;
    return { at: act.at, do: 'kill', device: 0, tab: act.tab, what: 'page', gates: seed % 7 };
  });
  return { ...plan, acts };
}

/** Now and then the worker dies, or the disk keeps an answer back, while something is being saved. */
export function withLostReplies(plan: Plan): Plan {
  const acts = plan.acts.flatMap((act, index): readonly Act[] => {
    if (!('note' in act) || index % 2 === 0) return [act];
    return [act, { at: act.at, do: 'disk', device: 0, fault: 'untold', skip: 0, times: 1 }];
  });
  return { ...plan, acts };
}

/** The server is full for long, and everybody goes on. */
function editedInQuarantine(plan: Plan): Plan {
  const full: Act = { at: (plan.acts[2]?.at ?? 0) + 1, do: 'server-full', ms: 10 * 60_000 };
  const last = (plan.acts.at(-1)?.at ?? 0) + 1000;
  const typing = {
    do: 'type',
    device: 0,
    tab: 0,
    note: 0,
    field: 'title',
    place: 0,
    line: true,
    gapMs: 50,
    leave: false,
  } as const;
  const more = [1, 2, 3].map((n): Act => ({ at: last + n * 30_000, ...typing, count: 1 }));
  return { ...plan, acts: [...plan.acts, full, ...more].sort((a, b) => a.at - b.at) };
}

/** A refused op waits in quarantine under the opId that it was sent with. */
function parkedUnderItsName(writes: readonly Write<Rows>[]): readonly Write<Rows>[] {
  const parked = writes.map((write) => put(write, 'outbox')).find((row) => row?.state === 'parked');
  const sent = writes.find((write) => 'delete' in write && write.delete === 'outbox');
  if (!parked || !sent || !('delete' in sent)) return writes;
  const opId = String(sent.key);
  return writes.flatMap((write): readonly Write<Rows>[] => {
    if (write === sent) return [];
    const [row, outbox] = [put(write, 'entities'), put(write, 'outbox')];
    if (row?.queued === parked.opId) return [{ put: 'entities', row: { ...row, queued: opId } }];
    return outbox === parked ? [{ put: 'outbox', row: { ...outbox, opId } }] : [write];
  });
}
