/** What an OpenAI-compatible server says, in parts or at once, as plain values. Everything in it is untrusted. */
import { listOf, recordOf, textOf } from '#core/json-shape.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { ChatError } from './chat-error.ts';

/** What a piece of the stream adds to the answer. */
export interface AnswerDelta {
  readonly text: string;
  /** The model's thought process: `reasoning_content` (DeepSeek, vLLM, llama.cpp) or `reasoning` (OpenRouter, Ollama). */
  readonly reasoning: string;
  /** Generated images as addresses, nearly always `data:` URLs. */
  readonly images: readonly string[];
}

/** The facts of a piece, beside what it adds. */
export interface AnswerFacts {
  /** `stop`, `length`, `content_filter`, `tool_calls`; null until the last piece. */
  readonly finish: string | null;
  /** Tokens of the answer, where the server counts them. */
  readonly tokens: number | null;
}

export interface AnswerPiece extends AnswerDelta, AnswerFacts {}

/** The data of the event that ends a stream. */
export const DONE = '[DONE]';

/** Reads one event's data, or a whole answer that was not streamed. An error object in it is the answer's failure. */
export function readPiece(text: string): Result<AnswerPiece, ChatError> {
  const body = recordOf(parseJson(text));
  if (!body) return err({ type: 'AnswerFailed', message: 'The answer was not JSON.' });
  const failure = errorMessage(body);
  if (failure !== null) return err({ type: 'AnswerFailed', message: failure });
  const choice = recordOf(listOf(body['choices'])[0]) ?? {};
  const part = recordOf(choice['delta']) ?? recordOf(choice['message']) ?? {};
  const content = readContent(part['content']);
  return ok({
    text: content.text,
    reasoning: textOf(part['reasoning_content']) || textOf(part['reasoning']),
    images: [...content.images, ...listOf(part['images']).flatMap(imageAddress)],
    finish: textOf(choice['finish_reason']) || null,
    tokens: numberOf(recordOf(body['usage'])?.['completion_tokens']),
  });
}

/** Whether a body has the shape of an answer at all: a server that speaks something else must not pass for a silent model. */
export function isAnswer(text: string): boolean {
  const body = recordOf(parseJson(text));
  return body !== undefined && (Array.isArray(body['choices']) || errorMessage(body) !== null);
}

/** The words of an error body: `{ error: { message } }`, `{ error: 'text' }`, `{ message }` or `{ detail }`. */
export function errorMessage(body: unknown): string | null {
  const { error, ...rest } = recordOf(body) ?? {};
  if (typeof error === 'string') return error;
  const inner = recordOf(error);
  if (inner) return textOf(inner['message']) || textOf(inner['code']) || 'The server gave no reason.';
  if (rest['choices'] !== undefined || rest['data'] !== undefined) return null;
  return textOf(rest['message']) || textOf(rest['detail']) || null;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** Content is a text, or parts of text and images. */
function readContent(content: unknown): { readonly text: string; readonly images: readonly string[] } {
  if (typeof content === 'string') return { text: content, images: [] };
  const parts = listOf(content);
  return { text: parts.map((part) => textOf(recordOf(part)?.['text'])).join(''), images: parts.flatMap(imageAddress) };
}

function imageAddress(part: unknown): readonly string[] {
  const image = recordOf(part)?.['image_url'];
  const address = textOf(image) || textOf(recordOf(image)?.['url']);
  return /^(data:image\/|https:\/\/)/i.test(address) ? [address] : [];
}
