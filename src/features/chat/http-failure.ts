import { errorMessage, parseJson } from './answer.ts';
import type { ChatError } from './chat-error.ts';

export interface HttpFailure {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
  readonly origin: string;
  readonly model: string;
  readonly hasKey: boolean;
}

/** More of a server's words than this is a page of HTML, not a reason. */
const MAX_WORDS = 400;

/** What an HTTP answer other than success means. */
export function readHttpFailure({ status, body, retryAfter, origin, model, hasKey }: HttpFailure): ChatError {
  const said = errorMessage(parseJson(body));
  const message = (said ?? '').slice(0, MAX_WORDS);
  if (status === 401 || status === 403) return { type: 'WrongKey', origin, hasKey, message };
  if (status === 429) return { type: 'TooManyRequests', retryAfterMs: retryAfterMs(retryAfter), message };
  // Servers say it in their own words, with 404 (Ollama, OpenAI) or 400 (vLLM, OpenRouter).
  const aboutModel = /\bmodel\b/i.test(message) && /not found|not exist|no such|unknown|invalid|not a valid|pull/i.test(message);
  if (aboutModel && (status === 404 || status === 400)) return { type: 'ModelUnknown', model, message };
  if (status >= 500) return { type: 'ProviderFailed', status, message };
  if (said === null || status === 404 || status === 405) return { type: 'NotCompatible', origin, detail: `HTTP ${status}` };
  return { type: 'PromptRefused', status, message };
}

/** Seconds only: a date would need the server's clock. */
function retryAfterMs(header: string | null): number | null {
  const seconds = header === null || header.trim() === '' ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
