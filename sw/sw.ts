/// <reference lib="webworker" />
import type { PrecacheEntry } from 'workbox-precaching';
import { createCourier } from './courier.ts';
import { createMessageHandler } from './messages.ts';
import { routeAssets, servePrecache } from './precache.ts';
import { createRoutes } from './routes.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[] };

servePrecache(self.__WB_MANIFEST);
const courier = createCourier(createRoutes());

self.addEventListener(
  'message',
  createMessageHandler(courier, () => self.skipWaiting()),
);
self.addEventListener('install', routeAssets);
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
// A version that waits for its turn, or is just taking it, opens no database: a newer schema would close those of the tabs
// that still run the old version, with words in hand. Browsers that do not tell the state are taken for having one version.
if ((self.serviceWorker?.state ?? 'activated') === 'activated') void courier.rebuild();
