import type { FastifyReply } from 'fastify';
import * as v from 'valibot';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { ok, type Result } from '#core/result.ts';
import { type Refusal, refuse } from '#server/refusal.ts';

/** Sends a result of the API: the answer with 200, or the refusal with its status. */
export function sendResult(reply: FastifyReply, result: Result<unknown, Refusal>): FastifyReply {
  return result.ok ? reply.send(result.value) : sendRefusal(reply, result.error);
}

export function sendRefusal(reply: FastifyReply, { status, error, retryAfterSeconds }: Refusal): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  return reply.code(status).type('application/json; charset=utf-8').send(error);
}

/** Checks what a request says against its schema; another protocol than ours is asked to update before anything else. */
export function readRequest<S extends v.GenericSchema>(schema: S, value: unknown): Result<v.InferOutput<S>, Refusal> {
  const spoken = typeof value === 'object' && value !== null && 'protocol' in value ? value.protocol : undefined;
  if (typeof spoken === 'number' && spoken !== PROTOCOL) {
    const message =
      spoken < PROTOCOL
        ? 'Update this app first: the server no longer speaks its protocol.'
        : 'The server must be updated first.';
    return refuse('update-required', message, { reason: `protocol ${PROTOCOL}` });
  }
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  // The path, never the value: what was sent stays out of answers and logs.
  return refuse('malformed', 'The request is not what the protocol says.', {
    reason: v.getDotPath(issue) ?? 'the request itself',
  });
}
