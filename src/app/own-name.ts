import { MOST_NAME_CHARACTERS, readDeviceName } from '#core/device-name.ts';
import type { StoreError, SyncError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { AccountInfo, Accounts } from './app.ts';
import { deviceName } from './device-name.ts';
import type { Observable, Source } from './observable.ts';

export interface OwnNameOptions {
  readonly client: Pick<StoreClient, 'updateWorkspace'>;
  readonly current: Source<AccountInfo>;
  readonly lastSyncedAt: Observable<number | null>;
  /** Whether the person lets this device talk to the server. */
  readonly enabled: Observable<boolean>;
  /** A name from an earlier visit is not on the server yet. */
  readonly isUnsent: boolean;
  readonly send: (name: string) => Promise<Result<unknown, StoreError | SyncError>>;
}

/** What this device is called in the account's list: kept in the registry first, and sent when a sync says that the server answers. */
export function createOwnName({ client, current, lastSyncedAt, enabled, isUnsent, send }: OwnNameOptions): {
  readonly rename: Accounts['renameDevice'];
} {
  let unsent = isUnsent;
  const trySend = async (): Promise<void> => {
    if (!unsent || !enabled.value) return;
    unsent = false;
    const { deviceName: name } = current.value;
    const sent = await send(name);
    // Typed again in the meantime: that name is on its way by itself.
    if (current.value.deviceName !== name) return;
    // A server that refuses it is asked again with the next start; one that is out of reach with the next sync.
    if (sent.ok) await client.updateWorkspace({ nameUnsent: false });
    else unsent = sent.error.type === 'Network';
  };
  lastSyncedAt.subscribe((at) => {
    if (at !== null) void trySend();
  });
  return {
    async rename(typed) {
      const name = readDeviceName(typed);
      if (name === null) return err({ type: 'NameTooLong', most: MOST_NAME_CHARACTERS });
      const kept = { deviceName: name === '' ? deviceName() : name };
      const saved = await client.updateWorkspace({ ...kept, nameUnsent: true });
      if (!saved.ok) return saved;
      current.set({ ...current.value, ...kept });
      unsent = true;
      if (lastSyncedAt.value !== null) await trySend();
      return ok(undefined);
    },
  };
}
