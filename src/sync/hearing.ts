/** The positions that come with the answers of many requests. */
import * as v from 'valibot';
import type { Transport } from '#core/ports.ts';
import { type Seen, seenSchema } from '#core/protocol-parts.ts';
import { furtherSeen } from '#core/seen.ts';

const positioned = v.object({ seen: seenSchema });

export interface Hearing extends Transport {
  /** The furthest position in any answer so far; null before the first. */
  seen(): Seen;
}

/** `transport`, which remembers the furthest position that any of its answers has named. */
export function hearing(transport: Transport): Hearing {
  let furthest: Seen = null;
  return {
    seen: () => furthest,
    async request(request) {
      const answer = await transport.request(request);
      const answered = v.safeParse(positioned, answer.ok ? answer.value.json : null);
      if (answered.success) furthest = furtherSeen(furthest, answered.output.seen);
      return answer;
    },
  };
}
