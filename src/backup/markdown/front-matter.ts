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

/** A time as other apps write it, in ms; undefined where it is none. */
export function readTime(value: Json | undefined): number | undefined {
  const ms =
    typeof value === 'number' ? (value < 1e11 ? value * 1000 : value) : typeof value === 'string' ? parse(value) : Number.NaN;
  return Number.isFinite(ms) && ms > 0 ? Math.floor(ms) : undefined;
}

const parse = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Date.parse(text));
