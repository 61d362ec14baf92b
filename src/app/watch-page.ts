import type { SyncDriver } from './sync-driver.ts';

/** Tells the driver of the network and of the person's eyes, for as long as the page lives. */
export function watchPage({ onNetwork, onSeen }: Pick<SyncDriver, 'onNetwork' | 'onSeen'>): void {
  addEventListener('online', () => onNetwork(true));
  addEventListener('offline', () => onNetwork(false));
  document.addEventListener('visibilitychange', () => onSeen(document.visibilityState === 'visible'));
}
