/**
 * Three-way merge of two bodies: one pure function. See `merge3`.
 */
import type { Stamp } from './clock.ts';
import type { Body, EntityDeclaration } from './entity.ts';
import type { Json } from './json.ts';

/** One side of a merge. */
export interface MergeSide {
  readonly body: Body;
  readonly deviceId: string;
  /** When the server took this side, or null where it has not yet. Used to rank stamps of devices with a wrong clock. */
  readonly acceptedAt: number | null;
}

export type ConflictPolicy = 'newer' | 'ask';

/** What became of one field in a merge that was not a fast-forward. */
export type MergeOutcome =
  /** Both changes are in the result; nothing was lost. */
  | { readonly field: string; readonly type: 'both' }
  /** One value won by its stamp. `lost` is the other, whole; for text the two sides of one overlapping hunk. */
  | { readonly field: string; readonly type: 'newer'; readonly kept: Json; readonly lost: Json; readonly winner: 'mine' | 'theirs' };

/** A field that the policy leaves to the person. The result holds `mine` for it until they choose. */
export interface MergeConflict {
  readonly field: string;
  readonly base: Json;
  readonly mine: Json;
  readonly theirs: Json;
}

export interface MergeResult {
  readonly body: Body;
  /** Empty where one side had not changed anything (a fast-forward) or both hold the same. */
  readonly outcomes: readonly MergeOutcome[];
  readonly conflicts: readonly MergeConflict[];
}

export interface MergeInput {
  /** What both sides were built on; null where there is nothing in common. */
  readonly base: Body | null;
  readonly mine: MergeSide;
  readonly theirs: MergeSide;
  readonly declaration: EntityDeclaration | undefined;
  readonly policy: ConflictPolicy;
}

/** The later of two stamps. */
export const laterStamp = (a: Stamp, b: Stamp): Stamp => (a >= b ? a : b);

export declare function merge3(input: MergeInput): MergeResult;
