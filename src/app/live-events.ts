import { leaderLock } from '#core/channels.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Observable } from './observable.ts';
import type { SyncDriver } from './sync-driver.ts';

/** Our own push pokes us, too; by then the drain has usually pulled up to it. */
const POKE_DELAY_MS = 400;
/** A stream that could not be opened is tried again after this long. */
const RETRY_MS = 30_000;

interface PokeListener {
  /** The person's switch: off, there is no stream. */
  readonly enabled: Observable<boolean>;
  /** The account's seq: at each opening of the stream, and whenever a device has pushed. */
  readonly onPoke: (seq: number) => void;
  /** The server does not take this device's cookie (any more): it was wiped, or the device signed out. */
  readonly onRefused: () => void;
  /** The account was deleted on the server: there is nothing to hear of it any more. */
  readonly isOver: () => boolean;
}

/**
 * The server's event stream, held by one tab of a workspace (six connections per host are all that HTTP/1.1 has). It
 * carries no content.
 */
function listenForPokes(workspaceId: string, accountId: AccountId, { enabled, onPoke, onRefused, isOver }: PokeListener): void {
  void navigator.locks?.request(leaderLock(workspaceId), () => {
    let source: EventSource | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      const stream = new EventSource(paths.events(accountId));
      source = stream;
      stream.addEventListener('poke', (event) => {
        const { seq } = JSON.parse(event.data as string) as { readonly seq: number };
        onPoke(seq);
      });
      stream.addEventListener('error', () => {
        // A refused stream (no cookie yet, server gone) is not tried again by the browser itself.
        if (stream.readyState !== EventSource.CLOSED || isOver()) return;
        onRefused();
        again = setTimeout(open, RETRY_MS);
      });
    };
    enabled.subscribe((on) => {
      clearTimeout(again);
      source?.close();
      source = null;
      if (on) open();
    });
    // Held until the tab ends.
    return new Promise<never>(() => {});
  });
}

export interface DrainOnPokesOptions {
  readonly row: { readonly id: string; readonly accountId: AccountId };
  readonly enabled: Observable<boolean>;
  readonly lastSyncedAt: Observable<number | null>;
  readonly driver: Pick<SyncDriver, 'drain' | 'state' | 'summary'>;
}

/** Asks for a drain whenever the server tells of something that this device does not have. */
export function drainOnPokes({ row, enabled, lastSyncedAt, driver }: DrainOnPokesOptions): void {
  const onPoke = (seq: number): void => {
    setTimeout(() => {
      // A lower number than ours is news, too: the server was restored from an older copy.
      if (driver.summary.value?.cursor !== seq) driver.drain();
    }, POKE_DELAY_MS);
  };
  // Before the first sync this device has no cookie, and the server would refuse the stream.
  const stop = lastSyncedAt.subscribe((at) => {
    if (at === null) return;
    queueMicrotask(() => stop());
    const isOver = (): boolean => driver.state.value.type === 'account-deleted';
    listenForPokes(row.id, row.accountId, { enabled, onPoke, onRefused: () => driver.drain(), isOver });
  });
}
