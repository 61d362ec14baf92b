/** The positions that come with the answers of many requests. */
import * as v from 'valibot';
import { type Seen, seenSchema } from '#core/protocol-parts.ts';
import { furtherSeen } from '#core/seen.ts';
import type { Wire } from './large-bodies.ts';

const positioned = v.object({ seen: seenSchema });

export interface Hearing extends Wire {
  /** The furthest position in any answer so far; null before the first. */
  seen(): Seen;
}

/** `wire`, which remembers the furthest position that any of its answers has named. */
export function hearing(wire: Wire): Hearing {
  let furthest: Seen = null;
  return {
    seen: () => furthest,
    bodies: wire.bodies,
    async request(request) {
      const answer = await wire.request(request);
      const answered = v.safeParse(positioned, answer.ok ? answer.value.json : null);
      if (answered.success) furthest = furtherSeen(furthest, answered.output.seen);
      return answer;
    },
  };
}
