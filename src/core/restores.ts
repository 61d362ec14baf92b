/** What is asked and known of a restore, as plain data: what the person has decided, what it would do, how far it is. */
import type { ContentFault, FileFault } from './backup-faults.ts';
import type { BackupInfo, DamagedPart } from './backups.ts';
import type { KeyPair } from './entity-key.ts';

/**
 * How a record and what is here become one. `merge`: of each field the newer words win. `overwrite`: the backup wins where they differ. `copy`: a
 * document that differs becomes one of its own, with what belongs to it, beside what is here. `skip`: nothing happens.
 */
export type RestoreWay = 'merge' | 'overwrite' | 'copy' | 'skip';

/**
 * Why a record is left out: a person's choice, a kind or version that this app does not know, a body that cannot be read, another device's own, what
 * the app keeps for itself and has here already, such as tabs.
 */
export type LeftOut = 'chosen' | 'newer-app' | 'unreadable' | 'other-device' | 'not-words';

/** What the person has decided about a restore. */
export interface RestoreChoice {
  /** Of everything that nothing else is said of. */
  readonly way: RestoreWay;
  /** Of all of a kind, by its name, and of single entities with what belongs to them, by `keyText`: these count first. */
  readonly kinds?: { readonly [kind: string]: RestoreWay };
  readonly entities?: { readonly [key: string]: RestoreWay };
  /** Whatever was changed or deleted here after its state in the backup stays as it is. */
  readonly skipNewer: boolean;
  /** One entity alone, with what belongs to it; null: everything. */
  readonly only: KeyPair | null;
  /** Whether the API keys that came with the backup take the place of those that are here. Not where one entity alone is restored. */
  readonly secrets?: boolean;
  /** The person has seen which parts of the backup are damaged, and wants the rest of it. */
  readonly acceptDamage?: boolean;
}

/** An API key that came with a backup, as the entity of that id holds it: sealed to this browser. */
export interface SealedKey {
  readonly id: string;
  readonly origin: string;
  readonly box: string;
}

/** An API key that came with a backup. It is not shown. */
export interface PlannedKey {
  readonly id: string;
  /** What it is for. */
  readonly origin: string;
  /** `replaced`: another one is here. */
  readonly type: 'added' | 'replaced' | 'same';
  /** What the one that is here is for; null where none is. */
  readonly originHere: string | null;
}

/** How many records of a kind come to what. */
export interface PlanCounts {
  readonly added: number;
  /** Documents of their own, and what belongs to them, beside those that are here. */
  readonly copied: number;
  readonly revived: number;
  readonly changed: number;
  readonly same: number;
  readonly newerHere: number;
  readonly leftOut: number;
}

/** What a restore would do with one entity. */
export interface PlannedEntity {
  /** As it is called in the backup, also where it would be copied. */
  readonly kind: string;
  readonly id: string;
  readonly title: string;
  /** `newer-here` and `kept`: it stays as it is. */
  readonly type: 'added' | 'copied' | 'revived' | 'changed' | 'newer-here' | 'kept' | 'left-out';
  readonly why: LeftOut | null;
  /** Field by field, as text; long ones are cut. */
  readonly changes: readonly { readonly field: string; readonly before: string; readonly after: string }[];
}

/** What a restore would do. Nothing is written by it. */
export interface RestorePlan {
  readonly counts: { readonly [kind: string]: PlanCounts };
  /** Those that were asked for, of all that are not the same, in the order of their kinds. */
  readonly entities: readonly PlannedEntity[];
  /** How many fit the words that were asked for. */
  readonly found: number;
  readonly keys: readonly PlannedKey[];
  /** What of the backup cannot be read: nothing of it is restored, and what is here of it stays as it is. */
  readonly damaged: readonly DamagedPart[];
}

/** Which entities of a plan are named. */
export interface PlanQuery {
  /** All of these words are in its title or its texts, whatever their case. Empty: any. */
  readonly words: string;
  readonly limit: number;
}

/** A restore that was begun. Times are wall times in ms. */
export interface RestoreInfo {
  readonly id: string;
  readonly state: 'applying' | 'applied' | 'undoing' | 'undone';
  readonly startedAt: number;
  /** The backup that it is from, and when that was made. */
  readonly backup: string;
  readonly madeAt: number;
  readonly choice: RestoreChoice;
  readonly changed: number;
  /** Entities that an undo has left as they are, because they were edited since. */
  readonly keptEdited: number;
}

export interface BringOptions {
  /** Of a file that is encrypted. */
  readonly passphrase?: string;
  /** The person has seen what is wrong with the file, and wants what can be read of it. */
  readonly acceptFaults?: boolean;
}

/** What has become of a file that was to be brought. */
export type BroughtFile =
  | { readonly type: 'brought'; readonly backup: BackupInfo }
  /**
   * Something is wrong with it, and nothing of it is kept. `usable` is what could be used all the same, if the person accepts that; null where
   * none of it can be trusted.
   */
  | {
      readonly type: 'faulty';
      readonly faults: readonly (FileFault | ContentFault)[];
      readonly usable: { readonly records: number } | null;
    };

/** A restore that another device has made, and whose changes came to this one. Times are wall times in ms. */
export interface RestoreElsewhere {
  readonly id: string;
  readonly deviceId: string;
  /** When the backup was made, and when the restore was begun. */
  readonly madeAt: number;
  readonly at: number;
  /** How many entities it has changed; 0 until it has ended. */
  readonly changed: number;
  /** It was taken back. */
  readonly undone: boolean;
  /** The backup of how things were on this device before it; null where none was made in time. */
  readonly copy: string | null;
}
