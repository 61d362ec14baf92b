/** Bodies that travel by themselves. */
import { ok } from '#core/result.ts';
import { makePlan, type Plan } from '#simulation/plan.ts';
import type { Mutation } from './mutation.ts';
import { withPorts, withSyncStore } from './wrappers.ts';

/** The plan of a seed, with bodies that are nearly all large. */
const allLarge = (seed: number): Plan => {
  const plan = makePlan(seed, ['weather']);
  return { ...plan, devices: plan.devices.map((device) => ({ ...device, largeBody: 100 })) };
};

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
    name: 'a body that the server does not give now is forgotten',
    rule: 'The cursor moves past a body only where it is remembered',
    needs: [],
    plan: allLarge,
    product: withSyncStore(() => ({ noteDamaged: async () => ok(undefined) })),
  },
];
