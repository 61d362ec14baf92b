/** What a device takes for known of the server: answers, pages, and the past of a server that was put back. */

import type { Ledger } from '#core/entity.ts';
import type { Transport, Write } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import { product } from '#simulation/adapters.ts';
import { PAST_SCENES } from '#simulation/past-scenes.ts';
import { makePlan, type Plan } from '#simulation/plan.ts';
import { SCENES } from '#simulation/scenes.ts';
import type { SyncRow } from '#store/schema/meta-rows.ts';
import type { Mutation } from './mutation.ts';
import { put, type Rows, withBody, withPorts, withSyncStore, withTransport } from './wrappers.ts';

export const knowledge: readonly Mutation[] = [
  {
    name: 'a pull of several pages moves the cursor to the end with the first',
    rule: 'Invariant 4: a cursor moves only with its changes',
    needs: [],
    plan: (seed) => inPages(SCENES.takingTurns(seed)),
    product: withTransport((transport) => ({
      async request(request) {
        const answer = await transport.request(request);
        const json = answer.ok ? (answer.value.json as { readonly more?: boolean } | undefined) : undefined;
        if (!answer.ok || !request.path.endsWith('/pull') || !json?.more) return answer;
        return ok({ ...answer.value, json: { ...json, more: false } });
      },
    })),
  },
  {
    name: 'a page of a pull names what came since the page before it',
    rule: 'Pull: what is overtaken on a later page is named there',
    needs: [],
    plan: (seed) => inPages(PAST_SCENES.metLater(seed)),
    product: withTransport((transport) => ({
      request(request) {
        if (!request.path.endsWith('/pull')) return transport.request(request);
        const { since: _, ...body } = request.body as { readonly since?: number };
        return transport.request({ ...request, body });
      },
    })),
  },
  // "What was seen goes back" is left out: runs hold the sync lock, so answers come one after the other, and a server takes no
  // request whose position its log does not have, nor answers with a lower one. `furtherSeen` is there for an answer that was
  // overtaken; a contract test gives it one (tests/contract/positions.ts).
  {
    name: 'what was seen stays at the first',
    rule: 'Requests: the highest ever seen in any answer',
    needs: ['past'],
    plan: SCENES.longPast,
    product: withPorts((ports) =>
      withBody(ports, (_reads, rows, body) => {
        const before = (rows as { readonly sync?: SyncRow }).sync;
        const outcome = body(rows);
        if (!before?.seen) return outcome;
        const writes = outcome.writes.map((write): Write<Rows> => {
          const row = put(write, 'meta');
          return row?.key === 'sync' ? { put: 'meta', row: { ...row, seen: before.seen } } : write;
        });
        return { ...outcome, writes };
      }),
    ),
  },
  {
    name: 'the cursor after a reconcile is that of the last page',
    rule: "Recovery: the new cursor is the seq at the manifest's start",
    needs: ['past'],
    plan: (seed) => inPages(makePlan(seed, ['past'])),
    product: {
      createDrainer(ports, store) {
        let last = 0;
        const transport: typeof ports.transport = {
          async request(request) {
            const answer = await ports.transport.request(request);
            const json = answer.ok ? (answer.value.json as { readonly seq?: number } | undefined) : undefined;
            if (request.path.endsWith('/manifest') && json?.seq !== undefined) last = json.seq;
            return answer;
          },
        };
        const endReconcile: typeof store.endReconcile = (epoch, cursor, seen) =>
          store.endReconcile(epoch, Math.max(last, cursor), seen);
        return product.createDrainer({ ...ports, transport }, { ...store, endReconcile });
      },
    },
  },
  {
    name: 'a merge after a reconcile forgets what both sides have in common',
    rule: 'Reconcile by lineage: the nearest common version is what both are merged over',
    needs: [],
    plan: PAST_SCENES.twoPasts,
    product: withSyncStore((store) => ({
      reconcile: (remote, lineage) => store.reconcile(remote, lineage, null),
    })),
  },
  {
    name: 'a merge after a reconcile goes back to the oldest version that both sides know',
    rule: 'Reconcile by lineage: the nearest common version is what both are merged over',
    needs: [],
    plan: PAST_SCENES.twoPasts,
    product: withSyncStore((store) => ({
      async shared(entry) {
        const nearest = await store.shared(entry);
        if (!nearest.ok || !nearest.value?.common) return nearest;
        for (const version of entry.lineage) {
          const known = await store.shared({ ...entry, lineage: [version] });
          if (!known.ok || known.value?.common) return known;
        }
        return nearest;
      },
    })),
  },
  {
    name: 'a merge after a reconcile takes what is here for the newer',
    rule: 'Merge: newer wins by the time of typing, also after the server was put back',
    needs: [],
    plan: PAST_SCENES.titledAcrossPasts,
    product: withSyncStore((store) => ({
      // A stamp ranks by the time at which the server took it, where it claims to be later.
      reconcile: (remote, lineage, common) => store.reconcile({ ...remote, acceptedAt: 0 }, lineage, common),
    })),
  },
  {
    name: 'two versions of a kind are merged without taking the older one to the later',
    rule: 'Migrations: a merge takes place at one version',
    needs: [],
    plan: PAST_SCENES.twoVersions,
    product: { createSyncStore: (ports) => product.createSyncStore({ ...ports, ledger: withoutMigrations(ports.ledger) }) },
  },
  {
    name: 'a lost version is offered to a restored server under a new id',
    rule: 'Recovery: a lost version keeps its id',
    needs: ['past'],
    plan: PAST_SCENES.behind,
    product: withSyncStore(() => ({ lost: async () => ok([]) })),
  },
  {
    name: 'a restored server does not learn which lost versions a newer one contains',
    rule: 'Recovery: an op says what it contains',
    needs: ['past'],
    plan: PAST_SCENES.behind,
    product: withTransport((transport) => answering(transport, '/history/', ({ contains: _, ...history }) => history)),
  },
  {
    name: 'what a history says is taken for a version that was pulled before it',
    rule: 'Recovery: what is said of a version counts for that version',
    needs: ['past'],
    plan: PAST_SCENES.behind,
    product: withTransport((transport) =>
      answering(transport, '/history/', (history) => (history.contains ? { ...history, versions: [] } : history)),
    ),
  },
];

interface Json {
  readonly [member: string]: unknown;
}

/** What a path answers, changed on its way to the device. */
const answering = (transport: Transport, path: string, change: (json: Json) => Json): Transport => ({
  async request(request) {
    const answer = await transport.request(request);
    if (!answer.ok || answer.value.status !== 200 || !request.path.includes(path)) return answer;
    return ok({ ...answer.value, json: change(answer.value.json as Json) });
  },
});

/** Every page of a pull or a manifest holds one entity. */
const inPages = (plan: Plan): Plan => ({ ...plan, devices: plan.devices.map((device) => ({ ...device, pageSize: 1 })) });

const withoutMigrations = (ledger: Ledger): Ledger =>
  new Map([...ledger].map(([kind, declaration]) => [kind, { ...declaration, migrations: {} }]));
