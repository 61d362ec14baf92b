import type { App } from './app.ts';
import { createSource } from './observable.ts';
import type { SwBridge } from './sw-bridge.ts';
import type { SyncDriver } from './sync-driver.ts';
import type { TabGuard } from './tab-guard.ts';

/** The newer version that waits to take over; null while there is none. */
export function offerUpdate(
  bridge: SwBridge,
  guard: Pick<TabGuard, 'mayReplace'>,
  driver: Pick<SyncDriver, 'whenIdle'>,
): App['update'] {
  const update = createSource<App['update']['value']>(null);
  const apply = async (): Promise<void> => {
    // Every other tab asks for itself when the new version has taken over.
    if (!(await guard.mayReplace())) return;
    // A drain that wakes the old service worker while the new one takes over holds it back, in Chromium for minutes.
    await driver.whenIdle();
    await bridge.applyUpdate();
  };
  bridge.waiting.subscribe((waiting) => {
    if (waiting) update.set({ apply });
  });
  return update;
}
