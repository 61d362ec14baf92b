/// <reference lib="webworker" />
import type { PrecacheEntry } from 'workbox-precaching';
import { createCourier } from './courier.ts';
import { createMessageHandler } from './messages.ts';
import { routeAssets, servePrecache } from './precache.ts';
import { createRoutes } from './routes.ts';
import { serveShareTarget } from './share-target.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[] };

servePrecache(self.__WB_MANIFEST);
serveShareTarget();
const courier = createCourier(createRoutes());

self.addEventListener(
  'message',
  createMessageHandler(courier, () => self.skipWaiting()),
);
self.addEventListener('install', routeAssets);
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
// A version that waits for its turn, or is just taking it, opens no database: a newer schema would close those of the tabs
// that still run the old version, with words in hand. Firefox does not tell the state; there the first request of a page
// says that this version is in use.
const begin = (): void => void courier.rebuild();
if (self.serviceWorker?.state === 'activated') begin();
else if (!self.serviceWorker) self.addEventListener('fetch', begin, { once: true });
