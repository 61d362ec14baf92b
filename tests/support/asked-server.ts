/** A model server that answers a prompt with given bytes, and what the client makes of them. */

import type { Result } from '#core/result.ts';
import { type AnswerDelta, addDelta, EMPTY_DELTA } from '#features/chat/answer.ts';
import type { ChatError } from '#features/chat/chat-error.ts';
import { type Access, type AnswerEnd, createModelServer, type ModelServer } from '#features/chat/model-server.ts';
import { cutBytes, streamedResponse } from './byte-stream.ts';

export const EXAMPLE_ACCESS: Access = {
  endpoint: { base: 'https://models.example/v1', query: '', origin: 'https://models.example' },
  key: 'k-1',
  form: [],
  keepForm: async () => {},
};

const request = { model: 'm', systemPrompt: '', messages: [{ role: 'user', text: 'Hi', attachments: [] } as const] };

export function modelServerOver(answer: (url: string, init: RequestInit) => Response | Promise<Response>): ModelServer {
  return createModelServer({
    fetch: async (url, init) => answer(url, init),
    clock: { now: () => 0, setTimer: () => () => {} },
    isOnline: () => true,
    pageOrigin: 'http://localhost',
  });
}

export interface Asked {
  readonly result: Result<AnswerEnd, ChatError>;
  readonly text: string;
  readonly reasoning: string;
  /** In their order; `inText` where the text has a place for it. */
  readonly pictures: readonly { readonly address: string; readonly inText: boolean; readonly at: number }[];
}

/** Asks a server that answers with `body`, cut at these places. */
export async function askOver(body: string, contentType = 'text/event-stream', cuts: readonly number[] = []): Promise<Asked> {
  let whole: AnswerDelta = EMPTY_DELTA;
  const server = modelServerOver(() => streamedResponse(cutBytes(body, cuts), { headers: { 'content-type': contentType } }));
  const pictures: Asked['pictures'][number][] = [];
  const take = (delta: AnswerDelta): void => {
    whole = addDelta(whole, delta);
    for (const address of delta.images) pictures.push({ address, inText: delta.inText === true, at: whole.text.length });
  };
  const result = await server.ask(EXAMPLE_ACCESS, request, take, new AbortController().signal);
  return { result, text: whole.text, reasoning: whole.reasoning, pictures };
}

/** Asks a server that refuses. */
export async function refusedWith(status: number, body: string): Promise<Result<AnswerEnd, ChatError>> {
  const server = modelServerOver(() => new Response(body, { status }));
  return server.ask(EXAMPLE_ACCESS, request, () => {}, new AbortController().signal);
}
