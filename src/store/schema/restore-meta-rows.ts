/** The rows of `meta` about restores: those of this device, and those that came from others. */
import type { Body } from '#core/entity.ts';
import type { DeviceId } from '#core/ids.ts';
import type { RestoreChoice, SealedKey } from '#core/restores.ts';

/** A restore: how far it is (`restore/apply-restore.ts`). It stays for as long as it can be undone. */
export interface RestoreRow {
  /** `restore/<id>` */
  readonly key: `restore/${string}`;
  readonly state: 'applying' | 'applied' | 'undoing' | 'undone';
  /** Wall time in ms. */
  readonly startedAt: number;
  /** The backup that it is from, when that was made, and what the person has decided. */
  readonly backup: string;
  readonly madeAt: number;
  readonly choice: RestoreChoice;
  /** How many records are done: the next batch begins there. */
  readonly done: number;
  /** How many entities were changed, and how many of them an undo has left as they are because they were edited since. */
  readonly changed: number;
  readonly keptEdited: number;
}

/** The documents that a restore copies. */
export interface RestoreCopiesRow {
  /** `restore-copies/<id>` */
  readonly key: `restore-copies/${string}`;
  /** Each by `pairText`, with what the ids of its copy follow from. */
  readonly documents: readonly (readonly [document: string, digest: string])[];
}

/** The API keys that came with a backup, sealed to this browser: they are in no backup that is kept. */
export interface BroughtKeysRow {
  /** `brought-keys/<id of the backup>` */
  readonly key: `brought-keys/${string}`;
  readonly keys: readonly SealedKey[];
}

/** What a batch of a restore has replaced: undone from the last batch to the first. */
export interface RestoredRow {
  /** `restored/<id>/<number, 8 digits>` */
  readonly key: `restored/${string}`;
  readonly entries: readonly RestoredEntry[];
}

export interface RestoredEntry {
  readonly kind: string;
  readonly id: string;
  /** The schema version of both bodies. */
  readonly v: number;
  /** What was there; null where nothing was, or a tombstone. */
  readonly before: Body | null;
  /** What the restore has made of it. */
  readonly after: Body;
}

/** A restore of another device whose changes came to this one (`draft/coming-restores.ts`). */
export interface ComingRow {
  /** `coming/<id of the restore>` */
  readonly key: `coming/${string}`;
  readonly deviceId: DeviceId;
  /** Wall time in ms at which this device learned of it. */
  readonly at: number;
  /** The backup of how things were before it. */
  readonly copy: string | null;
  /** The person has read of it. */
  readonly putAway: boolean;
}
