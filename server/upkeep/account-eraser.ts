import type { AccountId } from '#core/ids.ts';
import type { Clock } from '#core/ports.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { AccessRecord } from '#server/access-record.ts';
import type { BlobError, BlobStore } from '#server/blobs/blob-store.ts';
import type { Storage, StorageError } from '#server/storage/storage.ts';

/** Rows that are erased in one transaction: some tens of milliseconds. */
const STEP = 500;
const BETWEEN_STEPS_MS = 50;
const BETWEEN_SWEEPS_MS = 60_000;
const FIRST_SWEEP_MS = 1000;
/** A request that was let in before may still write something: longer than any request may take. */
const GRACE_MS = 30 * 60_000;

interface Erasure {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, 'now'>;
  /** Says at the end that the account was deleted: the process that deleted it may have ended before. */
  readonly access?: AccessRecord;
  /** Waited for between two steps: others are served meanwhile. */
  readonly pause: () => Promise<void>;
}

/**
 * Erases all that deleted accounts have left, in small steps: rows, bodies, history, backups, pictures and files. An account is looked at again until the last
 * request that may have been under way has ended; none waits for another one, or for files of it that cannot be removed. Gives how many accounts were looked at.
 */
export async function eraseAccounts(deps: Erasure): Promise<Result<number, StorageError | BlobError>> {
  const { storage, clock, access } = deps;
  const accounts = await storage.accountsToErase();
  if (!accounts.ok) return accounts;
  let failed: Result<never, StorageError | BlobError> | null = null;
  for (const { id, deletedAt } of accounts.value) {
    const erased = await eraseOne(deps, id);
    const isOver = erased.ok && Math.abs(clock.now() - deletedAt) >= GRACE_MS;
    if (isOver) access?.add({ type: 'deleted', accountId: id, at: deletedAt });
    const noted = isOver ? await storage.noteErased(id, Math.floor(clock.now())) : erased;
    if (!noted.ok) failed ??= noted;
  }
  if (accounts.value.length > 0) await storage.emptyLog();
  return failed ?? ok(accounts.value.length);
}

async function eraseOne({ storage, blobs, pause }: Erasure, id: AccountId): Promise<Result<null, StorageError | BlobError>> {
  // While their rows are there: once no row speaks of bytes, a disk that is away looks like a place without any.
  const before = await blobs.clear(id);
  for (;;) {
    const step = await storage.eraseAccount(id, STEP, before.ok);
    if (!step.ok) return step;
    if (step.value === 0) break;
    await pause();
  }
  // What a request that was under way has brought since.
  const cleared = before.ok ? await blobs.clear(id) : before;
  return cleared.ok ? ok(null) : err(cleared.error);
}

export interface AccountEraser {
  /** Looks at once: an account was deleted. */
  poke(): void;
  stop(): void;
}

/** Erases what deleted accounts have left, once a minute. `onError` is called with what was thrown. */
export function startAccountEraser({
  clock,
  onError,
  ...places
}: Omit<Erasure, 'clock' | 'pause'> & { readonly clock: Clock; readonly onError: (error: unknown) => void }): AccountEraser {
  let cancel: () => void = () => undefined;
  let state: 'waiting' | 'working' | 'poked' | 'ended' = 'waiting';
  const pause = () => new Promise<void>((resolve) => void clock.setTimer(BETWEEN_STEPS_MS, resolve));
  const run = async (): Promise<void> => {
    state = 'working';
    await eraseAccounts({ ...places, clock, pause }).catch(onError);
    schedule();
  };
  const schedule = (): void => {
    if (state === 'ended') return;
    const wait = state === 'poked' ? 0 : BETWEEN_SWEEPS_MS;
    state = 'waiting';
    cancel = clock.setTimer(wait, () => void run());
  };
  cancel = clock.setTimer(FIRST_SWEEP_MS, () => void run());
  return {
    poke() {
      if (state === 'working') state = 'poked';
      if (state !== 'waiting') return;
      cancel();
      void run();
    },
    stop() {
      state = 'ended';
      cancel();
    },
  };
}
