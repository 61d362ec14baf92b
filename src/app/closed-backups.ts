/** Backups while no tab is open: asked of the browser, which grants them to an installed app alone, and wakes its service worker when it likes. */
import { BACKUP_SYNC_TAG } from '#core/channels.ts';

/** Chromium does not wake an app more often than each twelve hours, whatever is asked. */
const EVERY_MS = 12 * 3_600_000;

/** Of Chromium; TypeScript's library lacks it. */
interface PeriodicSync {
  register(tag: string, options: { readonly minInterval: number }): Promise<void>;
  getTags(): Promise<readonly string[]>;
}

const syncOf = (registration: ServiceWorkerRegistration): PeriodicSync | null =>
  'periodicSync' in registration ? (registration.periodicSync as PeriodicSync) : null;

/** `not-installed`: the browser would, and asks for the app to be installed first. */
export type ClosedBackups = 'kept' | 'not-installed' | 'not-here';

/** Whether backups are made while no tab is open: asked of the browser where it may be. */
export async function keepClosedBackups(
  container: ServiceWorkerContainer | undefined = navigator.serviceWorker,
): Promise<ClosedBackups> {
  const registration = await container?.getRegistration().catch(() => undefined);
  const sync = registration ? syncOf(registration) : null;
  if (!sync) return 'not-here';
  try {
    const { state } = await navigator.permissions.query({ name: 'periodic-background-sync' as PermissionName });
    if (state !== 'granted') return 'not-installed';
    if (!(await sync.getTags()).includes(BACKUP_SYNC_TAG)) await sync.register(BACKUP_SYNC_TAG, { minInterval: EVERY_MS });
    return 'kept';
  } catch {
    return 'not-installed';
  }
}
