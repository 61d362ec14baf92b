import { leaderLock } from '#core/channels.ts';
import { paths } from '#core/paths.ts';

/** A stream that could not be opened is tried again after this long. */
const RETRY_MS = 30_000;

export interface PokeListener {
  /** The account's seq: at each opening of the stream, and whenever a device has pushed. */
  readonly onPoke: (seq: number) => void;
  /** The server does not take this device's cookie (any more): it was wiped, or the device signed out. */
  readonly onRefused: () => void;
}

/**
 * The server's event stream, held by one tab of a workspace (six connections per host are all that HTTP/1.1 has). It
 * carries no content.
 */
export function listenForPokes(workspaceId: string, accountId: string, { onPoke, onRefused }: PokeListener): void {
  void navigator.locks.request(leaderLock(workspaceId), () => {
    const open = (): void => {
      const source = new EventSource(paths.events(accountId));
      source.addEventListener('poke', (event) => {
        const { seq } = JSON.parse(event.data as string) as { readonly seq: number };
        onPoke(seq);
      });
      source.addEventListener('error', () => {
        // A refused stream (no cookie yet, server gone) is not tried again by the browser itself.
        if (source.readyState !== EventSource.CLOSED) return;
        onRefused();
        setTimeout(open, RETRY_MS);
      });
    };
    open();
    // Held until the tab ends.
    return new Promise<never>(() => {});
  });
}
