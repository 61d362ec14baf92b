import type { AccountId } from '#core/ids.ts';
import type { Clock, Random } from '#core/ports.ts';
import type { AccessRecord } from '#server/access-record.ts';
import type { Limits } from '#server/limits.ts';
import type { PasswordHash } from '#server/secrets.ts';
import type { Storage } from '#server/storage/storage.ts';
import type { OnDamaged } from './integrity.ts';

/** What the steps of the protocol work with. */
export interface SyncDeps {
  readonly storage: Storage;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly limits: Limits;
  /** Called after each commit that moved the account's counter, before the answer goes out. */
  readonly onCommit?: (accountId: AccountId, seq: number) => void;
  readonly onDamaged?: OnDamaged;
  /** False while the disk has too little room to take more. */
  readonly hasRoom?: () => boolean;
  /** Lets others be served between two steps of a long request. Absent in worlds whose time is simulated. */
  readonly breathe?: () => Promise<void>;
  /** Called once an account is deleted: what it had can be erased. */
  readonly onDeleted?: () => void;
  readonly access?: AccessRecord;
  /** Absent: scrypt at full cost. Tests of what is around it name a quick one; no setting of the server does. */
  readonly passwordHash?: PasswordHash;
}
