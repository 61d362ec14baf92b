/** Ancestors kept per entity, on the server and on the device. In a file without schemas: each start of a page reads it. */
export const MAX_LINEAGE = 20;

/** Where many versions are named, each is by its last so many digits: 48 random bits, of which two are never alike by chance. */
export const VERSION_TAIL = 12;

/** At most this many versions in `Op.contains`: an entity that was saved every five seconds for more than five hours. */
export const MAX_CONTAINED = 4096;

/** The short name of a version. */
export const tailOf = (version: string): string => version.slice(-VERSION_TAIL);

/** The names in a text of names. */
export function tailsIn(text: string): readonly string[] {
  return Array.from({ length: Math.floor(text.length / VERSION_TAIL) }, (_, index) =>
    text.slice(index * VERSION_TAIL, (index + 1) * VERSION_TAIL),
  );
}
