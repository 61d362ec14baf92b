/**
 * Writes a JSON value as YAML that every reader takes for the same value, YAML 1.1 and 1.2: text of several lines as it is (`|`), anything that
 * might be read as something else in quotes, as JSON has them. Linear in the size of the value; any text can be written.
 */
import type { Json, JsonObject } from '#core/json.ts';

/** Text without quotes: begins with a letter, and has no sign that means something. */
const PLAIN = /^\p{L}(?:[\p{L}\p{N} _.,()'’/+–-]*[\p{L}\p{N}_.)])?$/u;
const LONGEST_PLAIN = 200;
const KEY = /^[A-Za-z_][\w-]*$/;
/** What some version of YAML does not take for text. */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
/** A key that is longer has to be marked as one. */
const LONGEST_KEY = 1000;
/** Text of several lines that has one of these is quoted: some reader refuses them, or takes them for the end of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const NOT_IN_BLOCK = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;
/** What JSON leaves as it is in quotes, and YAML does not. */
const NOT_IN_QUOTES = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** The members of an object, each on lines of its own, in the order given. Ends with a line break. */
export function yamlMembers(members: readonly (readonly [member: string, value: Json])[]): string {
  return members.map(([member, value]) => yamlMember(member, value, '')).join('');
}

/** All lines of a value that is no scalar; `margin` is in front of each. */
function yamlLines(value: readonly Json[] | JsonObject, margin: string): string {
  if (Array.isArray(value)) return value.map((item: Json) => yamlItem(item, margin)).join('');
  return Object.entries(value)
    .map(([key, member]) => yamlMember(key, member, margin))
    .join('');
}

function yamlMember(key: string, value: Json, margin: string): string {
  const name = KEY.test(key) && !WORDS.test(key) ? key : quoted(key);
  const head = name.length > LONGEST_KEY ? `${margin}? ${name}\n${margin}:` : `${margin}${name}:`;
  return isEmpty(value) ? `${head} ${scalar(value, margin)}\n` : `${head}\n${yamlLines(value, `${margin}  `)}`;
}

function yamlItem(value: Json, margin: string): string {
  if (isEmpty(value)) return `${margin}- ${scalar(value, margin)}\n`;
  // The first line of what is in it is on the line of its dash.
  return `${margin}- ${yamlLines(value, `${margin}  `).slice(margin.length + 2)}`;
}

type Scalar = null | boolean | number | string;

/** Whether a value is written on the line of its key: a scalar, or a list or object with nothing in it. */
function isEmpty(value: Json): value is Scalar | readonly [] | Record<string, never> {
  return value === null || typeof value !== 'object' || Object.keys(value).length === 0;
}

function scalar(value: Json, margin: string): string {
  if (typeof value === 'string') return text(value, margin);
  if (typeof value === 'number') return number(value);
  return JSON.stringify(value);
}

function text(value: string, margin: string): string {
  if (value.includes('\n')) return isBlock(value) ? block(value, `${margin}  `) : quoted(value);
  return value.length <= LONGEST_PLAIN && PLAIN.test(value) && !WORDS.test(value) ? value : quoted(value);
}

/** Line breaks alone are no text that has an indentation. */
const isBlock = (value: string): boolean => !NOT_IN_BLOCK.test(value) && /[^\n]/.test(value);

function block(value: string, margin: string): string {
  // A reader finds the indentation by the first line, unless that begins with a blank or is empty: it is then said.
  const indentation = /^[ \t\n]/.test(value) ? '2' : '';
  const end = !value.endsWith('\n') ? '-' : value.endsWith('\n\n') ? '+' : '';
  const lines = (end === '-' ? value : value.slice(0, -1)).split('\n');
  return `|${indentation}${end}\n${lines.map((line) => (line === '' ? '' : margin + line)).join('\n')}`;
}

const quoted = (value: string): string =>
  JSON.stringify(value).replace(NOT_IN_QUOTES, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A number that no reader takes for text, and of which none loses a digit: whole ones above 2^53 are written as what they are, fractions. */
function number(value: number): string {
  const plain = String(value);
  if (!plain.includes('e') && (!Number.isInteger(value) || Number.isSafeInteger(value))) return plain;
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}e${exponent}`;
}
