/** What a server says when it refuses or fails, whatever it puts its words into. Everything in it is untrusted text. */
import { recordOf, textOf } from '#core/json-shape.ts';

/** A reason is not longer: what follows is the page of a proxy or a stack trace. */
const MAX_WORDS = 500;
/** So much of a body is looked at. */
const MAX_BODY = 20_000;

/** The members that hold the words, the most telling first. */
const MEMBERS = [
  'message',
  'msg',
  'faultstring',
  'detail',
  'error_description',
  'error',
  'errors',
  'reason',
  'title',
  'description',
] as const;

/** Members that gateways name for themselves: `faultstring`, `status_msg`, `errorMessage`. */
const OTHER_MEMBERS = /msg|message|error|fault|reason|text|descr|info/i;

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null;

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The words of a body: of JSON in any nesting, of plain text, or of a page of HTML. Empty where it says nothing. */
export function bodyWords(body: string): string {
  const text = body.slice(0, MAX_BODY).trim();
  const json = parseJson(body);
  return shorten(json === undefined ? (isMarkup(text) ? markupText(text) : text) : jsonWords(json));
}

/** The words of an error in an answer's stream or body; null where `json` is no error. */
export function errorWords(json: unknown): string | null {
  if (Array.isArray(json)) return json.map(errorWords).find((words) => words !== null) ?? null;
  const body = recordOf(json);
  if (!body) return null;
  const { error, choices, data } = body;
  if (error !== undefined && error !== null && error !== false && error !== '') return shorten(jsonWords(body)) || NO_WORDS;
  if (choices !== undefined || data !== undefined) return null;
  const isMarked = [body['type'], body['object'], body['status']].some((mark) => /^(error|fail)/i.test(textOf(mark)));
  const hasCode = (body['code'] ?? null) !== null || typeof body['status'] === 'number' || body['success'] === false;
  if (!(isMarked || hasCode) && body['detail'] === undefined && Object.keys(body).join() !== 'message') return null;
  return shorten(jsonWords(body)) || null;
}

/** Where a server reports an error and says nothing of it. */
export const NO_WORDS = 'The server gave no reason.';

function jsonWords(value: unknown, depth = 0): string {
  if (depth > 6) return '';
  if (typeof value === 'string') {
    // A gateway hands on the body that it got, as a text.
    const inner = /^\s*[{[]/.test(value) ? parseJson(value) : undefined;
    return (inner === undefined ? '' : jsonWords(inner, depth + 1)) || (isMarkup(value) ? markupText(value) : value.trim());
  }
  if (Array.isArray(value)) return unique(value.slice(0, 5).map((item) => jsonWords(item, depth + 1))).join('; ');
  const record = recordOf(value);
  if (!record) return '';
  // What refuses a request by its schema says where: `body.stream_options: Extra inputs are not permitted`.
  const place = Array.isArray(record['loc']) ? `${record['loc'].join('.')}: ` : '';
  const wordsIn = (members: readonly string[]): string =>
    members.map((member) => jsonWords(record[member], depth + 1)).find((words) => words !== '') ?? '';
  const others = Object.keys(record).filter((member) => OTHER_MEMBERS.test(member) || isNested(record[member]));
  const own = wordsIn(MEMBERS) || wordsIn(others);
  const raw = jsonWords(recordOf(record['metadata'])?.['raw'], depth + 1);
  const code =
    [record['code'], record['type'], record['error_type']].map(textOf).find((text) => text !== '' && text !== 'error') ?? '';
  return own === '' && raw === '' ? code : `${place}${unique([own, raw]).join(': ')}`;
}

const unique = (words: readonly string[]): readonly string[] => [...new Set(words.filter((word) => word !== ''))];

/** Whether a body is a page for people: no server of models answers so. */
export const isPage = (body: string): boolean => /^\s*<(!doctype|html)\b/i.test(body);

const isMarkup = (text: string): boolean => /^\s*<(!doctype|html|head|body|h\d|p|div|center|title|\?xml|pre)\b/i.test(text);

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The text of a page, its title where the rest is empty. It is shown as text, never as a page. */
export function markupText(html: string): string {
  const page = html.slice(0, MAX_BODY).replace(/<(script|style|svg|noscript)\b[\s\S]*?<\/\1\s*>/gi, ' ');
  const textOfPart = (part: string): string =>
    part
      .replace(/<!--[\s\S]*?-->|<[^>]*>/g, ' ')
      .replace(/&(?:#(\d{1,6})|#x([\da-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
        const point = Number.parseInt(decimal ?? hex ?? '', decimal ? 10 : 16);
        return name ? (ENTITIES[name.toLowerCase()] ?? whole) : point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      })
      .replace(/\s+/g, ' ')
      .trim();
  const body = textOfPart(page.replace(/<head\b[\s\S]*?<\/head\s*>/i, ' ').replace(/<title\b[\s\S]*?<\/title\s*>/i, ' '));
  return body || textOfPart(/<title\b[^>]*>([\s\S]*?)<\/title/i.exec(page)?.[1] ?? '');
}

/** In one line of a bearable length. A cut never falls inside a letter. */
function shorten(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_WORDS ? line : `${line.slice(0, MAX_WORDS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
