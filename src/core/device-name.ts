import { cleanName } from './names.ts';
import { countCharacters } from './text.ts';

/** As many characters as fit into a row of the list; a family of emoji is one. */
export const MOST_NAME_CHARACTERS = 50;
/** What the wire takes of any name. */
const MOST_NAME_UNITS = 200;

/** A name for a device as it is kept, '' where nothing is left of it; null where it is too long. */
export function readDeviceName(typed: string): string | null {
  const name = cleanName(typed);
  return name.length > MOST_NAME_UNITS || countCharacters(name) > MOST_NAME_CHARACTERS ? null : name;
}
