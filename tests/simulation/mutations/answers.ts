/** What is recorded of an answer, and of one that never came. */
import type { Write } from '#core/ports.ts';
import type { PushResult } from '#core/protocol.ts';
import { LOST_SCENES } from '#simulation/lost-scenes.ts';
import { PAST_SCENES } from '#simulation/past-scenes.ts';
import type { Mutation } from './mutation.ts';
import { put, type Rows, withSyncStore, withWrites } from './wrappers.ts';

/** An entry of the merge log goes out behind the row that was written with it. */
const loggedLast = (writes: readonly Write<Rows>[]): readonly Write<Rows>[] =>
  writes.map((write) => {
    const row = put(write, 'outbox');
    return row?.kind === 'merge-log' && row.state === 'queued'
      ? { put: 'outbox', row: { ...row, order: row.order + 1.5 } }
      : write;
  });

export const answers: readonly Mutation[] = [
  {
    name: 'what has lost in a merge is sent behind what won',
    rule: 'the merge log is on the server before what it tells of',
    needs: [],
    plan: LOST_SCENES.clearedWithAMerge,
    product: withWrites(loggedLast),
  },
  {
    name: 'an acknowledgement keeps the old base',
    rule: 'Outbox: the acknowledgement moves the base to the acknowledged body if a newer row waits',
    needs: [],
    plan: PAST_SCENES.takenBackOnItsWay,
    product: withWrites((writes) => {
      const answered = new Set(writes.flatMap((write) => ('delete' in write && write.delete === 'outbox' ? [write.key] : [])));
      return writes.filter((write) => !answered.has(put(write, 'bases')?.version ?? ''));
    }),
  },
  {
    name: 'what is on its way is no ancestor of its entity',
    rule: 'Reconcile by lineage: what was sent is contained in the row, whether or not its answer came',
    needs: [],
    plan: PAST_SCENES.answerLost,
    // Nor is it kept beside, from which a server that has it would tell the same.
    product: withWrites((writes) =>
      writes
        .filter((write) => !put(write, 'meta')?.key.startsWith('unanswered/'))
        .map((write): Write<Rows> => {
          const row = put(write, 'entities');
          if (!row?.sent || row.sent !== row.lineage.at(-1)) return write;
          return { put: 'entities', row: { ...row, lineage: row.lineage.slice(0, -1) } };
        }),
    ),
  },
  {
    name: 'what is built on an entity that the server does not have counts as taken',
    rule: 'Settle: a change of what the server does not have is offered again, built on nothing',
    needs: [],
    plan: LOST_SCENES.lostAndPutBack,
    product: withSyncStore((store) => ({
      acknowledge: (results, position) => store.acknowledge(results.map(takenForApplied), position),
    })),
  },
];

/** "There is no such entity" as if the op had been applied. */
function takenForApplied(result: PushResult): PushResult {
  if (result.type !== 'conflict' || result.current) return result;
  return { type: 'applied', opId: result.opId, rev: 1, seq: 1, acceptedAt: 0, missingBlobs: [] };
}
