import type { ChatError } from './chat-error.ts';
import { bodyWords, isPage } from './server-words.ts';

export interface ServerFailure {
  /** Null for an error that came in place of an answer, without a status of its own. */
  readonly status: number | null;
  /** The server's own words: the body as it came, or what it says. */
  readonly body: string;
  readonly retryAfter: string | null;
  readonly origin: string;
  readonly model: string;
  readonly hasKey: boolean;
}

const KEY =
  /\b(api|access|auth|secret|bearer|subscription|proxy server)[ _-]?(keys?|tokens?)\b|\b(invalid|wrong|expired|incorrect|revoked) key\b|\bcredentials?\b|\bauthori[sz]ation header\b|\bauthentication\b|\b(not |un)authenticated\b|\bunauthori[sz]ed\b/i;
const KEY_REFUSED =
  /invalid|incorrect|not valid|expired|missing|wrong|revoked|disabled|unauthori[sz]ed|authenticated|not found|\bno\b|required|must|fail|error|denied|n[o'’]t provide|malformed|not allowed/i;
const MODEL_UNKNOWN =
  /\b(model|deployment)\b.{0,120}?(not found|not exist|n['’]t exist|not available|not loaded|not accessible|is not valid|not a valid|decommissioned)|\b(no such|unknown|invalid|not a valid) model\b|(not exist|(access|access to)) .{0,60}\bmodel\b|unable to access .{0,40}\bmodel\b|\bmodels\/\S+ is not found|\bno models? (is |are )?(loaded|found|available)|not a chat model|not support chat/i;
const NO_CREDIT =
  /insufficient[_ ](quota|balance|credit|funds)|exceeded your current quota|billing|(no|out of|not enough|insufficient|low|more) credits?\b|credits? .{0,40}(exhausted|used up|too low)|payment required|balance .{0,20}too low/i;
const NO_PATH =
  /^(404 )?(page |resource |url |route |path |endpoint )?not ?found\.?$|invalid url|unknown (request )?(url|path|route)|no route|cannot (get|post)\b|method not allowed|unrecognized request url|unexpected endpoint/i;

/** What it means that a server refused or failed. Its words decide before the status: gateways choose statuses freely. */
export function readServerFailure({ status, body, retryAfter, origin, model, hasKey }: ServerFailure): ChatError {
  const message = bodyWords(body);
  if (status === 402 || NO_CREDIT.test(message)) return { type: 'NoCredit', message };
  if (status === 429) return { type: 'TooManyRequests', retryAfterMs: retryAfterMs(retryAfter), message };
  if (status === 401) return { type: 'WrongKey', origin, hasKey, message };
  if (MODEL_UNKNOWN.test(message) && (status ?? 0) < 500) return { type: 'ModelUnknown', model, message };
  if (KEY.test(message) && KEY_REFUSED.test(message)) return { type: 'WrongKey', origin, hasKey, message };
  const isElsewhere = NO_PATH.test(message) || ((status === 404 || status === 405) && (message === '' || isPage(body)));
  if (isElsewhere && (status ?? 0) < 500) {
    const detail = [status === null ? '' : `HTTP ${status}`, message].filter((part) => part !== '').join(': ');
    return { type: 'NotCompatible', origin, detail };
  }
  if (status === null) return { type: 'AnswerFailed', message };
  return status >= 500 ? { type: 'ProviderFailed', status, message } : { type: 'PromptRefused', status, message };
}

/** Seconds only: a date would need the server's clock. */
function retryAfterMs(header: string | null): number | null {
  const seconds = header === null || header.trim() === '' ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
