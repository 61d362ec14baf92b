/** What a merge across two accounts may be built on. */
import type { Body } from '#core/entity.ts';
import type { BaseRow } from './schema.ts';

/** A body with the schema version that it was written in. */
export interface MergeBase {
  readonly v: number;
  readonly body: Body;
}

/** The base where it is a version of this account's server. */
export const ownBase = (base: BaseRow | undefined): BaseRow | undefined => (base?.foreign ? undefined : base);

/**
 * The base on which an entity of another account is merged with this account's `other`, where nobody knows a version that
 * both have seen. A field of `base` (what the other account's server last had) counts only if `other` holds the same write
 * of it, which its stamp tells: a later base would read as if this account had taken out what it never had. Everything else
 * was made on both sides: of texts every line stays, of sets every member.
 */
export function foreignBase(v: number, base: BaseRow | undefined, other: Body): MergeBase {
  const proven = Object.keys(base?.fields ?? {}).filter((field) => {
    const stamp = base?.stamps[field];
    return stamp !== undefined && stamp === other.stamps[field];
  });
  const pick = <V>(from: { readonly [field: string]: V }) =>
    Object.fromEntries(proven.map((field) => [field, from[field] as V] as const));
  return { v: base?.v ?? v, body: base ? { fields: pick(base.fields), stamps: pick(base.stamps) } : { fields: {}, stamps: {} } };
}
