/** Rows of the `meta` store of which there is one to a thing: each under a prefix with the thing's id. */
import type { MetaRow } from './meta-rows.ts';

type Key<P extends string> = `${P}${string}`;
type RowOf<P extends string> = Extract<MetaRow, { readonly key: Key<P> }>;

/** `prefix` ends in a slash. */
export function metaFamily<const P extends string>(prefix: P) {
  return {
    keyOf: (id: string): Key<P> => `${prefix}${id}`,
    idOf: ({ key }: Pick<MetaRow, 'key'>): string => key.slice(prefix.length),
    /** Null where there is none. */
    asRow: (row: MetaRow | undefined): RowOf<P> | null => (row?.key.startsWith(prefix) ? (row as RowOf<P>) : null),
    /** All of them, to be read as a list. */
    all: { list: 'meta', lower: prefix, upper: `${prefix}~` },
  } as const;
}
