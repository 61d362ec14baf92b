/** Properties before a text, between two lines of dashes, as static site generators and other note apps write them (YAML). */
const FRONT_MATTER =
  /^\uFEFF?---[ \t]*\r?\n((?:(?:[ \t].*|#.*|-(?: .*)?|[^\s:#<>|[\](){}-][^:\r\n]*:(?:[ \t].*)?)?\r?\n)+?)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
/** Nothing between the dashes, or comments: nobody begins a text with two rules. */
const EMPTY = /^\uFEFF?---[ \t]*\r?\n(?:[ \t]*(?:#.*)?\r?\n)*(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
/** Longer ones are text. */
const MOST_CHARS = 20_000;

export interface CutText {
  /** What is between the lines of dashes; null where there is none. */
  readonly properties: string | null;
  /** The length of the front matter with its dashes. */
  readonly length: number;
}

/** Finds front matter at the beginning of a text. A rule and a paragraph are none: each line must be of the form `key: value`. */
export function findFrontMatter(text: string): CutText {
  if (!text.startsWith('---') && !text.startsWith('\uFEFF---')) return { properties: null, length: 0 };
  const start = text.slice(0, MOST_CHARS);
  const [empty] = EMPTY.exec(start) ?? [];
  if (empty !== undefined) return { properties: null, length: empty.length };
  const found = FRONT_MATTER.exec(start);
  const properties = found?.[1]?.trimEnd() ?? '';
  return properties === '' ? { properties: null, length: 0 } : { properties, length: found?.[0].length ?? 0 };
}
