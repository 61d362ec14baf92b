/**
 * Keeps a tab with the account that is open in this browser. Any tab may open another one, and messages get lost (a frozen
 * tab receives none), so the tab looks for itself: when it learns of it, is shown, gets the focus, wakes, or is typed into after
 * a while. Where another account is open it saves what is typed into the account in which it was typed, and moves; where it
 * cannot, it stops in sight.
 */

import type { StoreError } from '#core/errors.ts';
import type { DeviceId } from '#core/ids.ts';
import type { Result } from '#core/result.ts';
import type { AccountState, Bringing } from '#store/calls/worker-api.ts';
import { createSource, type Observable } from './observable.ts';

export interface AccountWatch {
  /** Another account is open in this browser, and this tab could not move to it: nothing more is typed here. */
  readonly isLeft: Observable<boolean>;
  /** Work that is on its way into another account. */
  readonly bringing: Observable<Bringing | null>;
  /** Looks now. A tab that has stopped stays where it is. */
  look(): Promise<void>;
  /** Looks now, and moves also a tab that has stopped. */
  goThere(): Promise<void>;
  /** Something was typed: looks where the last look was a while ago. */
  onTyping(): void;
}

export interface AccountWatchOptions {
  /** Who this tab is. */
  readonly workspaceId: string;
  readonly deviceId: DeviceId;
  readonly now: () => number;
  readonly readState: () => Promise<Result<AccountState, StoreError>>;
  /** Goes on with what is on its way, should nobody else. */
  readonly resume: () => void;
  /** Saves what is typed, then opens the app again, at the same place where `stays`. Gives whether the tab goes. */
  readonly move: (stays: boolean) => Promise<boolean>;
}

/** While a person types, the tab looks about this often. */
const TYPING_LOOK_MS = 3000;
/** A tab that is on its way is gone within this. A second navigation would break off the first. */
const LEAVING_MS = 10_000;

export function createAccountWatch(options: AccountWatchOptions): AccountWatch {
  const { workspaceId, deviceId, now, readState, resume, move } = options;
  const isLeft = createSource(false);
  const bringing = createSource<Bringing | null>(null);
  let lookedAt = now();
  let leftAt: number | null = null;
  let looking: Promise<void> | null = null;
  let again = false;
  let resumedFor: string | null = null;

  const lookOnce = async (): Promise<void> => {
    lookedAt = now();
    const state = await readState();
    // What cannot be read now is looked at the next time.
    if (!state.ok) return;
    const { bringing: under, hasWork, isResumed, isBrought, workspaceId: active, deviceId: activeDevice } = state.value;
    if (JSON.stringify(under) !== JSON.stringify(bringing.value)) bringing.set(under);
    const work = under?.from ?? (hasWork ? active : null);
    // A store worker that was lost has taken the copying with it.
    if (work !== null && (work !== resumedFor || !isResumed)) resume();
    resumedFor = work;
    if (active === workspaceId && activeDevice === deviceId) {
      if (isLeft.value) isLeft.set(false);
      return;
    }
    const isLeaving = leftAt !== null && Math.abs(now() - leftAt) < LEAVING_MS;
    if (isLeft.value || isLeaving) return;
    const goes = await move(isBrought || active === workspaceId);
    if (goes) leftAt = now();
    else isLeft.set(true);
  };

  const look = async (): Promise<void> => {
    again = true;
    looking ??= (async () => {
      while (again) {
        again = false;
        await lookOnce();
      }
      looking = null;
    })();
    return looking;
  };

  return {
    isLeft,
    bringing,
    look,
    goThere() {
      isLeft.set(false);
      return look();
    },
    onTyping() {
      if (Math.abs(now() - lookedAt) >= TYPING_LOOK_MS) void look();
    },
  };
}

/** Calls `look` whenever this page may have missed something. */
export function lookWhenSeen(look: () => void): void {
  const events = [
    [document, 'visibilitychange'],
    [document, 'resume'],
    [window, 'focus'],
    [window, 'pageshow'],
  ] as const;
  for (const [target, type] of events) {
    target.addEventListener(type, () => {
      if (document.visibilityState === 'visible') look();
    });
  }
}
