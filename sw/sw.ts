/// <reference lib="webworker" />
import type { PrecacheEntry } from 'workbox-precaching';
import { BACKUP_SYNC_TAG } from '#core/channels.ts';
import { backUpWhatIsDue } from './backups.ts';
import { createCourier } from './courier.ts';
import { createMessageHandler } from './messages.ts';
import { routeAssets, servePrecache } from './precache.ts';
import { createRoutes } from './routes.ts';
import { serveShareTarget } from './share-target.ts';

/** Of Chromium; TypeScript's library lacks it. */
interface PeriodicSyncEvent extends ExtendableEvent {
  readonly tag: string;
}
declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[];
  addEventListener(type: 'periodicsync', listener: (event: PeriodicSyncEvent) => void): void;
};

servePrecache(self.__WB_MANIFEST);
serveShareTarget();
const routes = createRoutes();
const courier = createCourier(routes);

self.addEventListener(
  'message',
  createMessageHandler(courier, () => self.skipWaiting()),
);
self.addEventListener('periodicsync', (event) => {
  if (event.tag === BACKUP_SYNC_TAG) event.waitUntil(routes.listWorkspaces().then(backUpWhatIsDue));
});
self.addEventListener('install', routeAssets);
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
// A version that waits for its turn, or is just taking it, opens no database: a newer schema would close those of the tabs
// that still run the old version, with words in hand. Firefox does not tell the state; there the first request of a page
// says that this version is in use.
const begin = (): void => void courier.rebuild();
if (self.serviceWorker?.state === 'activated') begin();
else if (!self.serviceWorker) self.addEventListener('fetch', begin, { once: true });
