/** The page's line to the service worker: registration, updates, and the request to drain. */
import type { CourierRequest } from '#core/channels.ts';
import { trustedScriptUrl } from '#platform/trusted-types.ts';
import { createSource, type Observable } from './observable.ts';

/** A service worker that has not confirmed within this time is taken for absent; the store worker then drains. */
const HEARD_MS = 3000;
const UPDATE_CHECK_MS = 60 * 60_000;
/** A page that is never idle registers all the same. */
const IDLE_MS = 1000;

export interface SwBridge {
  /** A newer version waits to take over. */
  readonly waiting: Observable<boolean>;
  /** Gives whether a service worker took the request. */
  requestDrain(workspaceId: string, force: boolean): Promise<boolean>;
  /** Lets the waiting version take over; every tab then reloads once. */
  applyUpdate(): Promise<void>;
}

/** The build's service worker, or that of `npm run dev -- --service-worker`, which is not bundled. */
const SCRIPT = import.meta.env.DEV
  ? { url: '/dev-sw.js?dev-sw', type: 'module' as const }
  : { url: '/sw.js', type: 'classic' as const };

export interface SwBridgeOptions {
  /** Another version has taken over: this page is to load it. Called once. */
  readonly reload: () => void;
}

/**
 * Registering fetches and keeps the whole app, which would take the network and the processor from the page's own start.
 * Not every engine tells when it is idle.
 */
const untilIdle = (): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: IDLE_MS });
    else setTimeout(resolve, IDLE_MS);
  });

export function createSwBridge({ reload }: SwBridgeOptions): SwBridge {
  const waiting = createSource(false);
  const container = 'serviceWorker' in navigator ? navigator.serviceWorker : null;
  let registration: ServiceWorkerRegistration | undefined;

  const watch = async (): Promise<void> => {
    if (!container) return;
    // The first worker of a fresh profile takes control without anything to move; only a change of worker reloads.
    let controlled = container.controller !== null;
    let reloading = false;
    container.addEventListener('controllerchange', () => {
      if (controlled && !reloading) {
        reloading = true;
        reload();
      }
      controlled = true;
    });
    await untilIdle();
    try {
      const { Workbox } = await import('workbox-window');
      const workbox = new Workbox(trustedScriptUrl(SCRIPT.url), { type: SCRIPT.type });
      workbox.addEventListener('waiting', () => waiting.set(true));
      registration = await workbox.register({ immediate: true });
    } catch {
      // No service worker here (a private window, a broken network at first load): the store worker drains, and the
      // next start tries again.
      return;
    }
    setInterval(() => void registration?.update().catch(() => {}), UPDATE_CHECK_MS);
    const { keepClosedBackups } = await import('./closed-backups.ts');
    void container.ready.then(() => keepClosedBackups());
    window.addEventListener('appinstalled', () => void keepClosedBackups());
  };
  void watch();

  const post = (request: CourierRequest): Promise<boolean> => {
    const worker = container?.controller;
    if (!worker) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(true);
    setTimeout(() => resolve(false), HEARD_MS);
    worker.postMessage(request, [port2]);
    return promise;
  };

  return {
    waiting,
    requestDrain: (workspaceId, force) => post({ type: 'drain', workspaceId, force }),
    async applyUpdate() {
      const skipWaiting: CourierRequest = { type: 'skip-waiting' };
      (registration?.waiting ?? null)?.postMessage(skipWaiting);
    },
  };
}
