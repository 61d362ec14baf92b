/** The words of a search in a text that it has found, as places to be marked. */
import { readQuery, wordsOf } from './words.ts';

/** Longer texts are marked up to here: nobody looks at more marks. */
const MOST_PLACES = 2000;

/** Finds in a text what fits the words of a query: their beginnings, and those of a phrase as they are. */
export function queryMarks(query: string): (text: string) => readonly (readonly [from: number, to: number])[] {
  const asked = readQuery(query).words;
  const fits = (term: string): boolean =>
    asked.some(({ term: wanted, isWhole }) => (isWhole ? term === wanted : term.startsWith(wanted)));
  return (text) => {
    const places: [number, number][] = [];
    for (const { term, start, end } of wordsOf(text)) {
      if (!fits(term)) continue;
      const last = places.at(-1);
      // A word with its signs comes twice, and pairs of characters lie over each other.
      if (last && start <= last[1] && (start < last[1] || start === end)) last[1] = Math.max(last[1], end);
      else if (places.length >= MOST_PLACES) break;
      else places.push([start, end]);
    }
    return places;
  };
}
