import { CORE_SCHEMA, intCoreTag, load, YAMLException } from 'js-yaml';
import type { Place, TextFault } from '#core/backup-faults.ts';
import { MAX_BODY_NODES } from '#core/body.ts';
import type { Json } from '#core/json.ts';
import { MAX_DEPTH } from './excess.ts';
import { reasonOf } from './text-bytes.ts';

/** Digits beyond 2^53 would be lost, and nothing would say so. */
const wholeNumber: typeof intCoreTag = {
  ...intCoreTag,
  resolve(source, isExplicit, tagName) {
    const value = intCoreTag.resolve(source, isExplicit, tagName);
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new RangeError(`${source.slice(0, 40)} is too large a number`);
    return value;
  },
};

const OPTIONS = { schema: CORE_SCHEMA.withTags(wholeNumber), maxAliases: 0, maxDepth: MAX_DEPTH } as const;

/** More than a record may hold: signs in its texts are counted with those between its values. */
const MAX_SIGNS = 4 * MAX_BODY_NODES;

/** The value of one YAML document, or what is wrong with it. `place` is that of its beginning. */
export function loadYaml(text: string, place: Place): { readonly value: Json } | TextFault {
  if (countSigns(text) > MAX_SIGNS) return { type: 'RecordTooLarge', place };
  try {
    return { value: load(text, OPTIONS) as Json };
  } catch (error) {
    // Whatever it throws is about the text: a RangeError of the engine, too.
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const at = mark ? placeIn(text, mark, place) : place;
    const reason = error instanceof YAMLException ? error.reason : reasonOf(error);
    if (reason === 'duplicated mapping key') return { type: 'DuplicateKey', key: keyAt(text, mark?.line ?? 0), place: at };
    if (/nesting|depth/i.test(reason)) return { type: 'RecordTooDeep', place: at };
    return { type: 'BadSyntax', reason, ends: false, place: at };
  }
}

interface Mark {
  readonly line: number;
  readonly position: number;
}

function placeIn(text: string, { line, position }: Mark, place: Place): Place {
  const before = new TextEncoder().encode(text.slice(0, position)).length;
  return { ...place, offset: place.offset + before, line: place.line + line };
}

/** What is in front of the colon of a line. */
const keyAt = (text: string, line: number): string => (text.split('\n')[line] ?? '').split(':')[0]?.trim().slice(0, 100) ?? '';

/** No more values can be in a text than there are of these: the parser would build each of them before it is counted. */
function countSigns(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === ',' || sign === '\n' || sign === '[' || sign === '{') count++;
  }
  return count;
}
