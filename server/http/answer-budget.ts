import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#core/ports.ts';
import { type Refusal, refusal } from '#server/refusal.ts';
import { sendRefusal } from './answers.ts';
import { createBudget } from './budget.ts';

/** Answers that have not been read yet are in memory: so much of all accounts, and of one. */
const UNREAD_BYTES = 256_000_000;
const UNREAD_BYTES_EACH = 64_000_000;
/** What an answer takes that does not say how large it may get. */
const USUAL_BYTES = 4_000_000;

/** An answer must be read within this, and so much more for each of its bytes: 16 kbit/s. */
const READ_MS = 60_000;
const READ_MS_PER_BYTE = 0.5;

const RETRY_SECONDS = 5;

const unread: Refusal = {
  ...refusal('rate-limited', 'Other answers to this account have not been read yet. Read them first.'),
  retryAfterSeconds: RETRY_SECONDS,
};

/**
 * Bounds what readers that never read can hold: an account gets no further large answers while earlier ones are unread,
 * and an answer that is not read in time ends with its connection. `max` is the largest answer of this server, in bytes.
 */
export function limitUnread(app: FastifyInstance, clock: Clock, max: number): void {
  const budget = createBudget(UNREAD_BYTES, UNREAD_BYTES_EACH);
  app.addHook('preHandler', async (request, reply): Promise<FastifyReply | undefined> => {
    const release = budget.take(request.accountId, Math.min(askedBytes(request), max));
    if (!release) return sendRefusal(reply, unread);
    reply.raw.once('close', release);
    return undefined;
  });
  app.addHook('onSend', async (_request, reply, payload) => {
    const bytes = typeof payload === 'string' ? Buffer.byteLength(payload) : Number(reply.getHeader('content-length') ?? 0);
    const cancel = clock.setTimer(READ_MS + bytes * READ_MS_PER_BYTE, () => reply.raw.destroy());
    reply.raw.once('close', cancel);
    return payload;
  });
}

function askedBytes({ body }: FastifyRequest): number {
  const asked = typeof body === 'object' && body !== null && 'maxBytes' in body ? body.maxBytes : undefined;
  return typeof asked === 'number' && asked > 0 ? asked : USUAL_BYTES;
}
