import { createHandlerBoundToURL, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

/** Of the static routing API: Chromium has it since 123, Firefox and WebKit go on to ask the service worker. */
interface RoutingInstallEvent extends ExtendableEvent {
  addRoutes?(rule: { readonly condition: { readonly urlPattern: string }; readonly source: 'cache' }): Promise<void>;
}

/**
 * Lets the browser take the app's own files out of the cache by itself, without a turn through this worker's thread,
 * which has just started and is busy. What has a hash in its name is the same everywhere; what is not cached comes from
 * the network.
 */
export function routeAssets(event: RoutingInstallEvent): void {
  if (!event.addRoutes) return;
  const routed = event.addRoutes({ condition: { urlPattern: '/assets/*' }, source: 'cache' });
  // Without these routes everything works, by `servePrecache`.
  event.waitUntil(routed.catch(() => {}));
}

/**
 * The whole app from the precache: every page address gives `index.html`, but for the API and the rescue page. Requests
 * to other origins are not looked at, so that a worker's own CSP decides about them.
 */
export function servePrecache(manifest: readonly (PrecacheEntry | string)[]): void {
  precacheAndRoute([...manifest], { cleanURLs: false });
  // The development server's service worker has no precache: its pages come from that server.
  if (manifest.length === 0) return;
  registerRoute(
    new NavigationRoute(createHandlerBoundToURL('/index.html'), {
      denylist: [/^\/api(\/|$)/, /^\/rescue\.html/, /^\/(healthz|readyz|metrics)$/],
    }),
  );
}
