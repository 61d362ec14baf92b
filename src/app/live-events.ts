import { leaderLock } from '#core/channels.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Observable } from './observable.ts';

/** A stream that could not be opened is tried again after this long. */
const RETRY_MS = 30_000;

export interface PokeListener {
  /** The person's switch: off, there is no stream. */
  readonly enabled: Observable<boolean>;
  /** The account's seq: at each opening of the stream, and whenever a device has pushed. */
  readonly onPoke: (seq: number) => void;
  /** The server does not take this device's cookie (any more): it was wiped, or the device signed out. */
  readonly onRefused: () => void;
}

/**
 * The server's event stream, held by one tab of a workspace (six connections per host are all that HTTP/1.1 has). It
 * carries no content.
 */
export function listenForPokes(workspaceId: string, accountId: AccountId, { enabled, onPoke, onRefused }: PokeListener): void {
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
        if (stream.readyState !== EventSource.CLOSED) return;
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
