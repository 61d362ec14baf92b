/** Bodies that travel by themselves. */

import { hashText } from '#core/hash.ts';
import { readStandIn, standInFor } from '#core/large-body.ts';
import type { Op } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import { BLOB_SCENES } from '#simulation/blob-scenes.ts';
import { makePlan, type Plan } from '#simulation/plan.ts';
import type { Mutation } from './mutation.ts';
import { withPorts, withSyncStore, withTransport } from './wrappers.ts';

/** The plan of a seed, with bodies that are nearly all large. */
const allLarge = (seed: number): Plan => {
  const plan = makePlan(seed, ['weather']);
  return { ...plan, devices: plan.devices.map((device) => ({ ...device, largeBody: 100 })) };
};

/** The op as a stand-in for another body than its own. */
function forOtherBody(op: Op): Op {
  const standIn = readStandIn(op.body);
  if (!standIn) return op;
  const body = standInFor({ ...standIn, blob: hashText(`other than ${standIn.blob}`) });
  return { ...op, body, hash: hashText(body) };
}

export const largeBodies: readonly Mutation[] = [
  {
    name: 'an op is pushed before the server has its body',
    rule: 'A stand-in travels once its body is there',
    needs: [],
    plan: allLarge,
    product: withPorts((ports) => ({
      ...ports,
      bytes: {
        async requestBytes(request) {
          if (request.method !== 'PUT') return ports.bytes.requestBytes(request);
          const size = Number(new URL(request.path, 'http://server').searchParams.get('size'));
          return ok({ status: 204, offset: size, size, json: undefined, retryAfterMs: null, body: null });
        },
      },
    })),
  },
  {
    name: 'an op that goes out again stands in for another body',
    rule: 'Invariant 3: an op id never names two bodies, in whichever form they travel',
    needs: [],
    plan: BLOB_SCENES.lostBodies,
    product: (() => {
      const sent = new Set<string>();
      return withTransport((transport) => ({
        ...transport,
        request(request) {
          const { ops } = (request.body ?? {}) as { readonly ops?: readonly Op[] };
          if (!ops || !request.path.endsWith('/push')) return transport.request(request);
          const changed = ops.map((op) => (sent.has(op.opId) ? forOtherBody(op) : op));
          for (const { opId } of ops) sent.add(opId);
          return transport.request({ ...request, body: { ...(request.body as object), ops: changed } });
        },
      }));
    })(),
  },
  {
    name: 'a body that the server does not give now is forgotten',
    rule: 'The cursor moves past a body only where it is remembered',
    needs: [],
    plan: allLarge,
    product: withSyncStore(() => ({ noteDamaged: async () => ok(undefined) })),
  },
];
