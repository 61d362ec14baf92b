import { diffLines } from 'diff';
import type { Json } from '#core/json.ts';
import { mergeText } from '#core/merge/text.ts';

/**
 * Both texts in one, to go on from: merged where they can be, and where they overlap one after the other, the first one's
 * lines above. Nothing of either is missing.
 */
export function textTogether(base: Json, first: string, second: string): string {
  if (first === second) return first;
  if (typeof base === 'string') {
    const { text, overlaps } = mergeText({ base, older: second, newer: first });
    if (overlaps.length === 0) return text;
  }
  const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
  const together = diffLines(ended(first), ended(second)).map(({ value }) => value);
  const text = together.join('');
  return first.endsWith('\n') || second.endsWith('\n') ? text : text.slice(0, -1);
}
