/** What the planning of a restore and its writing say to each other: the one knows backups, the other rows. */
import type { Body, Fields } from './entity.ts';

/** The row that a restore meets, or a tombstone. */
export interface Present extends Body {
  readonly v: number;
  readonly deleted: boolean;
  /** Written by a newer version of the app, or not to be read here. */
  readonly readOnly: boolean;
}

/** An entity as it is stored now, and whether it is as it was when a backup was made. */
export interface LiveRow extends Present {
  readonly isUnchanged: boolean;
}

/** What is to be written over it. */
export interface Replacement {
  readonly v: number;
  readonly body: Body;
  /** Fields that are stamped when they are written. The others keep the times that they have. */
  readonly fresh: readonly string[];
}

/** An entity of the source, and what the restore makes of it. */
export interface RestoreItem {
  readonly kind: string;
  readonly id: string;
  /** Of the source: they name the parent. */
  readonly fields: Fields;
  /** What is to be written over what is here now, which may have changed since the person saw it; null where it stays. */
  readonly plan: (present: Present | null) => Replacement | null;
}
