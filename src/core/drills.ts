/** Trying a restore: what is said of it, by the schedule, pages and the worker that does it. Times are wall times in ms. */
import type { BackupError } from './errors.ts';

/**
 * What is wrong with an entity: its part of the backup cannot be read, it did not come back, it came back as something else, or the backup has it
 * otherwise than this device, where nobody has changed it since.
 */
export type DrillFault = 'damaged' | 'missing' | 'different' | 'not-as-here';

export interface LostEntity {
  readonly kind: string;
  readonly id: string;
  readonly title: string;
  readonly fault: DrillFault;
}

/** What came back from one backup, entity by entity. */
export interface DrillReport {
  /** When it ended. */
  readonly at: number;
  /** The backup that was tried, and when that was made. */
  readonly backup: string;
  readonly madeAt: number;
  /** How many entities are in it. */
  readonly records: number;
  /** Those that came back as they are in it. */
  readonly held: number;
  /** Those that only another version of the app can restore. */
  readonly leftOut: number;
  /** Those that did not come back as they should have, and the first of them by name. */
  readonly lost: number;
  readonly entities: readonly LostEntity[];
  /** How many of them have been edited or deleted on this device since. */
  readonly changedSince: number;
}

/** Everything came back that this version of the app can restore. */
export const hasHeld = ({ lost }: DrillReport): boolean => lost === 0;

/** What is known of the restores that were tried on this device. */
export interface Drills {
  /** The last that came to its end. */
  readonly last: DrillReport | null;
  /** When everything last came back. */
  readonly heldAt: number | null;
  /** Why the last attempt did not end; null where it did. */
  readonly failure: { readonly error: BackupError; readonly at: number } | null;
}

export const NO_DRILLS: Drills = { last: null, heldAt: null, failure: null };
