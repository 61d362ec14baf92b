import { err, ok, type Result } from '#core/result.ts';
import type { ChatError } from './chat-error.ts';

/** Where Ollama listens by itself: with nothing set up, a model on this machine answers. */
export const DEFAULT_ENDPOINT = 'http://localhost:11434/v1';

export interface Endpoint {
  /** Without a slash at its end; paths of the API are appended. */
  readonly base: string;
  readonly origin: string;
}

/** The hosts to which plain http is allowed: the same as in the policy that the server sends with the llm worker. */
const LOOPBACK = new Set(['localhost', '127.0.0.1']);

/**
 * Reads what a person typed. An empty text is the default; a host without a scheme is taken for https, or http on this
 * machine; the address of an API's path (`/chat/completions`, `/models`) for the API's own.
 */
export function parseEndpoint(typed: string): Result<Endpoint, ChatError> {
  const text = typed.trim() === '' ? DEFAULT_ENDPOINT : typed.trim();
  const isLocal = /^(localhost|127\.0\.0\.1)(:|\/|$)/i.test(text);
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${isLocal ? 'http' : 'https'}://${text}`);
  // A name and password in an address would be sent by nobody, and shown to everybody.
  if (!url || url.hostname === '' || url.username !== '' || url.password !== '')
    return err({ type: 'BadEndpoint', endpoint: text });
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return err({ type: 'BadEndpoint', endpoint: text });
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) return err({ type: 'InsecureEndpoint', origin: url.origin });
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(chat\/completions|models)$/, '');
  return ok({ base: `${url.origin}${path}`, origin: url.origin });
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
