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
void courier.rebuild();
