import { err, ok, type Result } from '#core/result.ts';
import type { ChatError } from './chat-error.ts';
import { unwrapPasted } from './pasted-text.ts';

const NAME = /key|token|secret|auth/i;

/**
 * A key as it goes into a request's header, from what was pasted: without invisible characters, line breaks, quotes, `Bearer` and its
 * name. One that no header can carry is refused.
 */
export function cleanKey(pasted: string): Result<string, ChatError> {
  let key = unwrapPasted(pasted, NAME);
  for (let before = ''; before !== key; ) {
    before = key;
    key = unwrapPasted(key.replace(/^(bearer|token)\s+/i, ''), NAME);
  }
  const refuse = (reason: Extract<ChatError, { type: 'BadKey' }>['reason'], found = '') =>
    err({ type: 'BadKey', reason, found } as const);
  if (key === '' || /^bearer$/i.test(key)) return refuse('empty');
  if (/^https?:\/\//i.test(key)) return refuse('address');
  if (/\s/.test(key)) return refuse('space');
  const odd = /[^\x21-\x7e]/u.exec(key)?.[0];
  if (odd !== undefined) return refuse('character', odd);
  return /\*{3}|\.{3}/.test(key) ? refuse('hidden') : ok(key);
}
