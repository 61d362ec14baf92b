import { createHandlerBoundToURL, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

/**
 * The whole app from the precache: every page address gives `index.html`, but for the API and the rescue page. Requests
 * to other origins are not looked at, so that a worker's own CSP decides about them.
 */
export function servePrecache(manifest: readonly (PrecacheEntry | string)[]): void {
  precacheAndRoute([...manifest], { cleanURLs: false });
  registerRoute(
    new NavigationRoute(createHandlerBoundToURL('/index.html'), {
      denylist: [/^\/api(\/|$)/, /^\/rescue\.html/, /^\/(healthz|readyz|metrics)$/],
    }),
  );
}
