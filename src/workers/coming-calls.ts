/** Restores of other devices: the copies that are kept before them, and what a page asks of them. */

import { ON_DEVICE } from '#backup/kept/place-spec.ts';
import type { BackupDriver } from '#backup/kept/schedule-driver.ts';
import { type BackupNews, copyBeforeLock } from '#core/channels.ts';
import type { BackupError } from '#core/errors.ts';
import type { Channel } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import { systemClock, webLocks } from '#platform/system.ts';
import type { ActiveWorkspace } from '#store/calls/workspace-calls.ts';
import { noteCopy, putAwayRestore, restoresElsewhere, wantedCopies } from '#store/draft/coming-restores.ts';
import { inWorker } from './in-backup-worker.ts';

/** A copy stays for so long. */
const COPY_KEPT_MS = 30 * 24 * 3_600_000;

export type ComingCalls = ReturnType<typeof createComingCalls>;

export interface ComingOptions {
  readonly active: Pick<ActiveWorkspace, 'row' | 'kv'>;
  readonly news: Channel<BackupNews>;
  readonly driver: () => Promise<Result<BackupDriver, BackupError>>;
}

export function createComingCalls({ active: { row, kv }, news, driver }: ComingOptions) {
  /** One tab at a time: the next one finds the copy. Whatever becomes of it, nobody waits any longer. */
  const keepCopies = async (ids: readonly string[]): Promise<void> => {
    await webLocks.hold(copyBeforeLock(row.id), async () => {
      const wanted = await wantedCopies(kv, ids);
      if (!wanted.ok || wanted.value.length === 0) return;
      const started = await driver();
      const made = started.ok ? await started.value.backUp('safety') : started;
      if (!made.ok) return;
      const { id } = made.value;
      await inWorker((api) => api.pin(row.id, id, systemClock.now() + COPY_KEPT_MS, ON_DEVICE));
      await noteCopy(kv, wanted.value, id);
    });
    news.post({ type: 'copies-kept', ids });
  };
  return {
    keepCopies,
    restoresElsewhere: () => restoresElsewhere({ kv, clock: systemClock }),
    async putAwayRestore(id: string) {
      const done = await putAwayRestore({ kv }, id);
      news.post({ type: 'backups' });
      return done;
    },
  };
}
