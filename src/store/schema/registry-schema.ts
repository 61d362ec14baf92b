/** The rows of the registry: the workspaces of this browser, the open one, and work on its way from one to another. */

import type { KeyPair } from '#core/entity-key.ts';
import type { FetchError } from '#core/errors.ts';
import type { AccountId, DeviceId } from '#core/ids.ts';
import type { KvSchema } from '#core/ports.ts';

/** One local database with its identity. The account exists on the device before any server knows of it. */
export interface WorkspaceRow {
  readonly id: string;
  readonly deviceId: DeviceId;
  readonly deviceName: string;
  /** The person has named this device, and the server has not confirmed the name yet. */
  readonly nameUnsent?: boolean;
  readonly accountId: AccountId;
  /**
   * 128 bits in hex. With the account id it is the recovery code. Never leaves the device but to enter. Empty where it was
   * lost with this browser's storage, and the account's cookie alone was left.
   */
  readonly accountKey: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastOpenedAt: number;
  /** Whether the server has let this device in (it then holds the cookie). */
  readonly entered: boolean;
  /** Whether the person has seen the recovery code, or set a password: the way back in exists. */
  readonly recoverable: boolean;
  readonly loginName: string | null;
  /** Its account was deleted from this browser: the server may not have been asked again since, where sync is off. */
  readonly isDeleted?: true;
  /** Its work was brought into another account; kept until all of it is acknowledged there. */
  readonly retired: boolean;
  /** What this device was called in the account before it was signed out and entered again, oldest first. */
  readonly formerDeviceIds?: readonly string[];
  /** What belongs to the device still is under the last of them (`adopt-device-id.ts`). */
  readonly isRenamed?: true;
  /** It was made in a browser whose registry was empty: by whichever tab was first, and marked by whichever was next. */
  readonly isFirst?: true;
  /** Its database has a `MarkerRow`: one without has been lost. */
  readonly marked?: boolean;
}

export interface ActiveRow {
  readonly key: 'active';
  readonly workspaceId: string;
}

/** The work of one workspace on its way into another: resumed at every start until all of it is there. */
export interface BringRow {
  readonly key: `bring/${string}`;
  readonly from: string;
  readonly into: string;
  /** `copying`: `into` opens when all of it is there. `following`: what a tab writes into `from` later still comes after. */
  readonly state: 'copying' | 'following';
  /** What `from` had up to this localSeq is in `into`, or is behind `after`. Null before the first page. */
  readonly seq: number | null;
  /** The last entity of the first pass, which goes by kind and id; null before it has begun and after it has ended. */
  readonly after: KeyPair | null;
  readonly done: number;
  readonly total: number;
  readonly startedAt: number;
  /** Absent while the files of what was brought were not looked for. */
  readonly files?: BringFiles;
}

/** What has become of files that the former account's server has and this device had not. */
export interface BringFiles {
  /** Looked for up to this localSeq of `from`. */
  readonly seq: number;
  /** How many are to be fetched still; `why` the last look ended before them. */
  readonly left: number;
  readonly why: FetchError | null;
  /** How many that server did not have either. */
  readonly missing: number;
  /** Wall time in ms. */
  readonly lookedAt: number;
}

export type RegistryTables = {
  readonly workspaces: WorkspaceRow;
  readonly active: ActiveRow | BringRow;
};

export const REGISTRY_VERSION = 1;

export const registrySchema: KvSchema<RegistryTables> = {
  stores: { workspaces: { key: 'id', indexes: {} }, active: { key: 'key', indexes: {} } },
};
