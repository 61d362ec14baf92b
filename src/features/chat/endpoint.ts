import { err, ok, type Result } from '#core/result.ts';
import type { ChatError } from './chat-error.ts';
import { unwrapPasted } from './pasted-text.ts';

/** Where Ollama listens by itself: with nothing set up, a model on this machine answers. */
export const DEFAULT_ENDPOINT = 'http://localhost:11434/v1';

/** The address of a model server. */
export interface Endpoint {
  /** Without a slash at its end; paths of the API are appended. */
  readonly base: string;
  /** What follows each path: `?api-version=…`, or empty. */
  readonly query: string;
  readonly origin: string;
}

/** The hosts to which plain http is allowed: the same as in the policy that the server sends with the llm worker. */
const LOOPBACK = new Set(['localhost', '127.0.0.1']);
/** What servers print as the address that they listen on, and other names of this machine. */
const THIS_MACHINE = new Set(['0.0.0.0', '[::1]', '[::]', 'localhost.']);
/** The paths of the API that are pasted with an address. */
const API_PATH = /\/(chat\/completions|completions|responses|embeddings|models)$/;
const OLLAMA_PATH = /\/api\/(chat|generate|tags)$/;

/**
 * Reads what a person typed or pasted. An empty text is the default; a host without a scheme is taken for https, or http on this
 * machine; the address of an API's path (`/chat/completions`, `/models`) for the API's own. Its query is kept.
 */
export function parseEndpoint(typed: string): Result<Endpoint, ChatError> {
  const text = cleanAddress(typed) || DEFAULT_ENDPOINT;
  const url = parseUrl(text);
  // A name and password in an address would be sent by nobody, and shown to everybody.
  if (!url || url.hostname === '' || url.username !== '' || url.password !== '' || /\s/.test(text))
    return err({ type: 'BadEndpoint', endpoint: typed.trim() });
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return err({ type: 'BadEndpoint', endpoint: typed.trim() });
  if (THIS_MACHINE.has(url.hostname)) url.hostname = 'localhost';
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) return err({ type: 'InsecureEndpoint', origin: url.origin });
  const path = url.pathname.replace(/\/+$/, '').replace(API_PATH, '').replace(OLLAMA_PATH, '/v1').replace(/\/+$/, '');
  return ok({ base: `${url.origin}${path}`, query: url.search, origin: url.origin });
}

/** An address as it was meant: without what came along when it was copied, and with its scheme. Empty for nothing. */
export function cleanAddress(typed: string): string {
  const text = unwrapPasted(typed, /url|base|endpoint|address|host|api/i)
    .replace(/^(post|get|curl)\s+/i, '')
    // Signs of East Asian keyboards.
    .replace(/[：／．]/g, (sign) => sign.normalize('NFKC'))
    .replace(/\.$/, '');
  if (text === '') return '';
  const scheme = /^(https?)(?::\/*|\/\/+)/i.exec(text);
  if (scheme) return `${scheme[1]?.toLowerCase()}://${text.slice(scheme[0].length)}`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  const isLocal = /^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(:|\/|\?|$)/i.test(text);
  return `${isLocal ? 'http' : 'https'}://${text.replace(/^\/+/, '')}`;
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
