/** What devices and a server that was put back tell each other of versions that it has lost. */
import type { Transport } from '#core/ports.ts';
import type { Op, PushResult } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import { RESTORED_SCENES } from '#simulation/restored-scenes.ts';
import type { Mutation } from './mutation.ts';
import { put, withSyncStore, withTransport, withWrites } from './wrappers.ts';

// That a base which is given back names what it contains has its contract test (tests/contract/lost-versions.test.ts): a device that
// does not know joins the two, which costs versions and loses nothing.
export const restored: readonly Mutation[] = [
  {
    name: 'what a restored server has gone on with is merged with what it has lost by each device for itself',
    rule: 'Recovery: a lost version is joined with what the server went on with, alike by every device',
    needs: [],
    plan: RESTORED_SCENES.goneOnWithout,
    product: withSyncStore(() => ({ join: async () => ok([]) })),
  },
  {
    name: 'what is joined goes into the log without the lost version',
    rule: 'Recovery: a lost version is in the log before what it is joined to',
    needs: [],
    plan: RESTORED_SCENES.goneOnWithout,
    product: withTransport((transport) =>
      pushing(transport, (ops) => {
        const [lost, joined] = ops;
        return isJoin(ops) && lost && joined ? [{ ...joined, base: lost.base, contains: lost.contains }] : ops;
      }),
    ),
  },
  {
    name: 'what a full account does not take back is no longer what unsent changes are built on',
    rule: 'Recovery: what is in common with other devices is not forgotten where the server has no room for it',
    needs: [],
    plan: RESTORED_SCENES.putBackFull,
    product: withSyncStore(() => ({ keepLost: async () => ok(new Set<string>()) })),
  },
  {
    name: 'the time that a server which was put back names is not heard',
    rule: 'a clock that was set back is not believed where the server has said what time it is',
    needs: [],
    plan: RESTORED_SCENES.clockSetBack,
    product: withSyncStore(() => ({ hear: async () => ok(undefined) })),
  },
  {
    name: 'what was sent without an answer is forgotten when a reconcile begins',
    rule: 'Recovery: what was sent and not answered is given back like a version, and merged on',
    needs: [],
    plan: RESTORED_SCENES.unansweredLost,
    product: withWrites((writes) => writes.filter((write) => !put(write, 'meta')?.key.startsWith('unanswered/'))),
  },
  {
    name: 'a server does not say that what it has contains what it took of the same device and lost',
    rule: 'Recovery: a conflict names the op itself where what is current contains it',
    needs: [],
    plan: RESTORED_SCENES.unansweredLost,
    product: withSyncStore((store) => ({
      acknowledge: (results, position) => store.acknowledge(results.map(withoutItself), position),
    })),
  },
  {
    name: 'an account goes on in the life that a device has seen more of than is there',
    rule: 'Recovery: a server that was put back begins a new epoch',
    needs: [],
    plan: RESTORED_SCENES.samePlace,
    storage: (storage) => ({
      ...storage,
      write: (accountId, body) =>
        storage.write(accountId, (writer, account) => body({ ...writer, setEpoch: async () => {} }, account)),
    }),
  },
];

const withoutItself = (result: PushResult): PushResult =>
  result.type === 'conflict' ? { ...result, lineage: result.lineage.filter((version) => version !== result.opId) } : result;

/** The two ops of a version that was lost and what it is joined to. */
const isJoin = ([first, second]: readonly Op[]): boolean => second !== undefined && second.base === first?.opId;

/** What a device pushes in a reconcile, changed on its way to the server. */
const pushing = (transport: Transport, change: (ops: readonly Op[]) => readonly Op[]): Transport => ({
  request(request) {
    const body = request.body as { readonly epoch?: string | null; readonly ops?: readonly Op[] } | undefined;
    if (!body?.ops || body.epoch !== null) return transport.request(request);
    return transport.request({ ...request, body: { ...body, ops: change(body.ops) } });
  },
});
