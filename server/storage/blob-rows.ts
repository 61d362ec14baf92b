/** What the server knows of blobs, of the backups that are made of them, and of what names them. */
import type { BlobHash } from '#core/blobs.ts';
import type { DeviceId } from '#core/ids.ts';

/** What is known of a blob; its bytes are elsewhere (server/blobs). */
export interface BlobRow {
  readonly hash: BlobHash;
  /** Its size: with `arriving` the one that was announced. */
  readonly bytes: number;
  /**
   * `arriving`: announced, not all of it is there. `complete`: its bytes are there and match the hash. `removing`: somebody is
   * taking the bytes away, and nothing may be written under this hash until the row is gone.
   */
  readonly state: 'arriving' | 'complete' | 'removing';
  readonly createdAt: number;
  /** When a part last began, or its removal. */
  readonly touchedAt: number;
  /** Since when no kept version names it, as far as somebody has looked; null while one does. */
  readonly unreferencedSince: number | null;
  /** It is the body of an op, and nothing else (src/core/large-body.ts). */
  readonly isBody: boolean;
  /** It is there for the sake of backups alone. */
  readonly isBackup: boolean;
}

/** A backup of the account: a manifest, itself a blob, and what it names. */
export interface KeptBackup {
  readonly id: string;
  readonly manifest: BlobHash;
  readonly deviceId: DeviceId;
  /** Wall time of the device in ms. */
  readonly madeAt: number;
  readonly storedAt: number;
  /** Of its manifest and all that it names, also what others name as well. */
  readonly bytes: number;
}

/** The blobs that one version names. `hashes` is null where the disk gives back no list. */
export interface NamedBlobs {
  readonly seq: number;
  readonly hashes: readonly BlobHash[] | null;
}
