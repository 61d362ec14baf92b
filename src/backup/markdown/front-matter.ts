/** The lines between dashes at the beginning of a Markdown file. */
import { loadYaml } from '#backup/format/yaml-load.ts';
import { yamlMembers } from '#backup/format/yaml-write.ts';
import type { Json, JsonObject } from '#core/json.ts';

export interface SplitFile {
  /** Empty where there are none. */
  readonly matter: JsonObject;
  /** What is behind them; all of it where they cannot be read. */
  readonly text: string;
  readonly fault: { readonly reason: string; readonly line: number } | null;
}

const MATTER = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/;
/** Longer than this it is a text that begins with a line. */
const LONGEST = 256 * 1024;

export function splitFrontMatter(file: string): SplitFile {
  const whole = { matter: {}, text: file, fault: null };
  const [head, yaml = ''] = MATTER.exec(file) ?? [];
  if (head === undefined || head.length > LONGEST) return whole;
  const read = loadYaml(yaml, { offset: 0, line: 2, record: null });
  if ('type' in read) {
    const reason = read.type === 'BadSyntax' ? read.reason : read.type;
    return { ...whole, fault: { reason, line: read.place.line } };
  }
  const { value } = read;
  const text = file.slice(head.length);
  if (value === null || value === undefined) return { ...whole, text };
  // A text between two lines is a text.
  if (typeof value !== 'object' || Array.isArray(value)) return whole;
  if (Object.hasOwn(value, '__proto__')) return { ...whole, fault: { reason: '__proto__', line: 2 } };
  return { matter: value as JsonObject, text, fault: null };
}

/** Front matter of other apps that no field has a place for stays in the text. */
export function withRest(rest: readonly (readonly [member: string, value: Json])[], text: string): string {
  return rest.length === 0 ? text : `---\n${yamlMembers(rest)}---\n${text}`;
}

/** `20240506`, with hours and minutes behind it, or the year alone. */
const DIGITS = /^((?:19|20)\d\d)(?:(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?)?$/;
/** `6.5.2024`: with points the day comes first everywhere. */
const POINTS = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:[ ,T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?$/;
/** A smaller number counts no seconds or milliseconds since 1970. */
const FIRST_COUNTED = 1e8;

/** A time as other apps write it, in ms; undefined where it is none. */
export function readTime(value: Json | undefined): number | undefined {
  const ms = typeof value === 'number' || typeof value === 'string' ? parse(String(value).trim()) : Number.NaN;
  return Number.isFinite(ms) && ms > 0 ? Math.floor(ms) : undefined;
}

function parse(text: string): number {
  const digits = DIGITS.exec(text);
  const points = digits ? null : POINTS.exec(text);
  const [, year, month, day, hour, minute, second] =
    digits ?? (points ? [text, points[3], points[2], points[1], ...points.slice(4)] : []);
  const found = year === undefined ? Number.NaN : inCalendar([year, month ?? '1', day ?? '1'], [hour, minute, second]);
  if (Number.isFinite(found) || points) return found;
  const count = Number(text);
  if (Number.isNaN(count)) return Date.parse(text);
  if (count < FIRST_COUNTED) return Number.NaN;
  return count < 1e11 ? count * 1000 : count;
}

/** As of the ISO form: a day is one of UTC, a time of day that of this device. NaN where the calendar has no such day. */
function inCalendar(date: readonly string[], time: readonly (string | undefined)[]): number {
  const two = (part = '0'): string => part.padStart(2, '0');
  const day = date.map(two).join('-');
  const ms = Date.parse(day);
  if (Number.isNaN(ms) || new Date(ms).getUTCDate() !== Number(date[2])) return Number.NaN;
  return time[0] === undefined ? ms : Date.parse(`${day}T${time.map(two).join(':')}`);
}
