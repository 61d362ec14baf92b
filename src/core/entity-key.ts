import type { EntityId } from './ids.ts';

/** Names an entity. */
export interface EntityKey {
  readonly kind: string;
  readonly id: EntityId;
}

/** The same as a pair: the key of its row, and how it is named on the wire. */
export type KeyPair = readonly [kind: string, id: EntityId];

/** The key as one text, for maps and sets: `<kind>/<id>`. */
export const keyText = ({ kind, id }: EntityKey): string => `${kind}/${id}`;

/** The same of a pair. */
export const pairText = ([kind, id]: KeyPair): string => keyText({ kind, id });

/** The key of a `keyText`. No kind has a slash in it. */
export function splitKey(text: string): KeyPair {
  const at = text.indexOf('/');
  return [text.slice(0, at), text.slice(at + 1)];
}
