import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type Refusal, refusal } from '#server/refusal.ts';
import { sendRefusal } from './answers.ts';
import { RefusedBody } from './json-body.ts';

/** What was thrown, as an answer. A 5xx says nothing of its cause to the outside; the log does. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof RefusedBody) return void sendRefusal(reply, error.refusal);
  const status = error.statusCode ?? 500;
  if (status >= 500) request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  sendRefusal(reply, toRefusal(status));
}

function toRefusal(status: number): Refusal {
  if (status === 413) return refusal('too-large', 'The request is larger than this server takes.');
  if (status === 404) return refusal('not-found', 'There is nothing here.');
  if (status >= 500) return refusal('internal', 'Something went wrong in the server. It will be sent again.');
  // 415 and the like keep their status: the type says what the client can do about it.
  return { ...refusal('malformed', 'The request cannot be read.'), status };
}
