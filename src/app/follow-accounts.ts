/** Connects the tab's look at which account is open (`account-watch.ts`) with the page: when to look, and how to move. */
import { DEVICE_CHANNEL, type DeviceNews } from '#core/channels.ts';
import { openChannel } from '#platform/system.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import { type AccountWatch, createAccountWatch, lookWhenSeen } from './account-watch.ts';
import type { Sessions } from './sessions.ts';
import type { TabGuard } from './tab-guard.ts';

/** The first paint and the first key come before. */
const FIRST_LOOK_MS = 500;

export interface FollowAccountsOptions {
  readonly row: { readonly id: string; readonly deviceId: string };
  readonly client: Pick<StoreClient, 'accountState' | 'resumeBringing'>;
  readonly sessions: Pick<Sessions, 'saveState'>;
  readonly guard: Pick<TabGuard, 'leave'>;
  /** Saves what is typed; gives whether the page may go. */
  readonly mayLeave: () => Promise<boolean>;
  /** After a start without anything the person has yet to say how to go on: they look at what can be had. */
  readonly isUndecided: () => boolean;
  /** This browser keeps nothing: there is no other account. */
  readonly memory: boolean;
}

export function followAccounts(options: FollowAccountsOptions): AccountWatch {
  const { row, client, sessions, guard, mayLeave, isUndecided, memory } = options;
  const watch = createAccountWatch({
    workspaceId: row.id,
    deviceId: row.deviceId,
    now: () => Date.now(),
    readState: () => client.accountState(),
    resume: () => void client.resumeBringing(),
    async move(stays) {
      if (!(await mayLeave())) return false;
      // The settings of the account that was left are no place to be.
      const isAtHome = stays && !location.pathname.startsWith('/settings');
      // What is missing in the account that was opened may be in a backup.
      const path = isUndecided() ? '/settings/enter/opened' : '/';
      guard.leave(() => (isAtHome ? location.reload() : location.assign(path)));
      return true;
    },
  });
  if (memory) return watch;
  const look = (): void => void watch.look();
  openChannel<DeviceNews>(DEVICE_CHANNEL).onMessage(({ type }) => {
    if (type === 'accounts') look();
  });
  lookWhenSeen(look);
  sessions.saveState.subscribe(({ type }) => {
    if (type === 'dirty') watch.onTyping();
    // What kept this tab here is on the disk now.
    if (type === 'saved' && watch.isLeft.value) void watch.goThere();
  });
  // What was opened while this tab started, and what an earlier start of the browser has not brought to its end.
  setTimeout(look, FIRST_LOOK_MS);
  return watch;
}
