/** What this browser holds, account by account, and how all of it goes. */
import { DEVICE_CHANNEL, type DeviceNews } from '#core/channels.ts';
import type { StoreError, SyncError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { openChannel } from '#platform/system.ts';
import type { FileCount } from '#store/blob-store.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { LocalAccount, Usage } from '#store/calls/worker-api.ts';
import { writeKnownAccount } from './known-account.ts';

export type { LocalAccount, Usage } from '#store/calls/worker-api.ts';

export interface ThisDevice {
  /** What takes the room in the open account, by kind. */
  usage(): Promise<Result<Usage, StoreError>>;
  /** Every account that this browser holds, the open one first, with what is on no server. */
  accounts(): Promise<Result<readonly LocalAccount[], StoreError>>;
  /** Calls `look` when they may have changed. Gives what ends that. */
  onAccounts(look: () => void): () => void;
  /** Deletes the copy of an account that is whole on the server (`mayForget`). */
  forgetAccount(id: string): Promise<Result<void, StoreError>>;
  /**
   * Lets files go that the server has and nobody here has used for two days (`Usage.spare`): they come back when they are opened.
   * `watch` is called with the bytes that are free; an answer of false ends it. Gives what it freed.
   */
  makeRoom(watch: (bytes: number) => boolean): Promise<Result<FileCount, StoreError>>;
  /** Gives back the room of what can be made again: the search index, of every account here. */
  freeCaches(): Promise<Result<void, StoreError>>;
  /**
   * Deletes everything that Holdfast keeps in this browser permanently: the person's word. The app itself stays installed,
   * and starts over in every tab.
   */
  erase(): Promise<Result<void, StoreError>>;
}

export interface ThisDeviceOptions {
  readonly client: StoreClient;
  /** Takes this device off the account's list on the server. */
  readonly revokeSelf: () => Promise<Result<void, SyncError>> | null;
  /** Opens the app again. */
  readonly restart: () => void;
}

/** The server may be out of reach: the list of devices is then out of date, and nothing worse. */
const GOODBYE_MS = 3000;

export function createThisDevice({ client, revokeSelf, restart }: ThisDeviceOptions): ThisDevice {
  const tabs = openChannel<DeviceNews>(DEVICE_CHANNEL);
  tabs.onMessage(({ type }) => {
    if (type === 'erased') restart();
  });
  return {
    usage: () => client.usage(),
    accounts: () => client.localAccounts(),
    onAccounts: (look) => tabs.onMessage(({ type }) => type === 'accounts' && look()),
    forgetAccount: (id) => client.forgetAccount(id),
    makeRoom: (watch) => client.makeRoom(watch),
    freeCaches: () => client.freeCaches(),
    async erase() {
      await Promise.race([revokeSelf(), new Promise((resolve) => setTimeout(resolve, GOODBYE_MS))]);
      const erased = await client.erase();
      if (!erased.ok) return erased;
      writeKnownAccount(null);
      try {
        localStorage.clear();
        sessionStorage.clear();
      } catch {
        // Switched off: nothing was kept there.
      }
      tabs.post({ type: 'erased' });
      restart();
      return erased;
    },
  };
}
