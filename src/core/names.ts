/** Tags, notebooks and the like: how a name is written, and when two of them are the same. */

import type { Json } from './json.ts';

/** Not seen in any script: zero-width space, word joiner, byte order mark, soft hyphen, marks of direction. */
const INVISIBLE = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
/** Joiners are part of emoji and of Persian and Indian words, but only between two characters. */
const OUTER_JOINERS = /^(?:\u200c|\u200d|\s)+|(?:\u200c|\u200d|\s)+$/g;
/** Variation selectors: the same sign, drawn in colour or not. */
const VARIATIONS = /[\ufe00-\ufe0f]/g;
/** What separates two names where a set of them is typed or pasted. */
const SEPARATORS = /[,;\n\r\v\f\u2028\u2029\u060c\u061b\u3001\uff0c\uff1b\uff64]/;

/**
 * A name as it is kept: composed (NFC), without characters that nobody sees, trimmed, with single spaces. '' where nothing is
 * left. Two names that look the same become the same text, but for case and width, which are the person's.
 */
export function cleanName(text: string): string {
  return text
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(OUTER_JOINERS, '');
}

/** One name of a set, as `cleanName` gives it, without the number sign that people write in front of a tag. */
export const cleanTag = (text: string): string => cleanName(cleanName(text).replace(/^[#\uff03]+/, ''));

/** What `nameKey` gave: a hundred thousand documents carry a few hundred names. */
const keys = new Map<string, string>();
const MAX_KEYS = 5000;

/** Under what a name is compared: without case, width and invisible characters. Accents count: other words fit without them. */
export function nameKey(name: string): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = cleanName(name).normalize('NFKC').replace(VARIATIONS, '').toLowerCase();
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}

export const isSameName = (a: string, b: string): boolean => a === b || nameKey(a) === nameKey(b);

/** A name in the form that `known` has it in, or as it is. */
export const asKnown = (name: string, known: readonly string[]): string => known.find((one) => isSameName(one, name)) ?? name;

/** Whether a text is more than one name: it has a separator in it. */
export const hasSeparator = (text: string): boolean => SEPARATORS.test(text);

/** The place behind the last separator, where a name may still be typed; 0 where there is none. */
export function openNameAt(text: string): number {
  let at = text.length;
  while (at > 0 && !SEPARATORS.test(text.charAt(at - 1))) at -= 1;
  return at;
}

/**
 * The names in a text that was typed or pasted as a set: divided at commas, semicolons and line breaks of any script, and
 * before each `#` where it begins with one. Each once, the first form of each.
 */
export function splitNames(text: string): readonly string[] {
  const parts = text.split(SEPARATORS).flatMap((part) => (/^\s*[#\uff03]/.test(part) ? part.split(/\s+(?=[#\uff03])/) : [part]));
  return uniqueNames(parts.map(cleanTag).filter((name) => name !== ''));
}

/** Names that are not the same, the first form of each. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return names.filter((name) => {
    const key = nameKey(name);
    return !seen.has(key) && seen.add(key);
  });
}

/** The names of a facet's field as it is stored: those of a set, or the one name. */
export function namesIn(value: Json | undefined): readonly string[] {
  const names = Array.isArray(value) ? value : [value];
  return names.filter((name): name is string => typeof name === 'string' && name.trim() !== '');
}
