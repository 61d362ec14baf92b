import type { ReactiveControllerHost } from 'lit';
import type { App } from '#app/app.ts';
import { type StorageFigures, type StorageLevel, storageLevel } from '#ui/text/storage-level.ts';

export interface StorageGauge {
  readonly level: StorageLevel;
  readonly figures: StorageFigures | null;
}

/** The browser adds up every database for an answer. */
const AT_MOST_EVERY_MS = 60_000;

/**
 * How full the storage is: asked when the element is there, and after saves, once a minute at most; nothing runs while
 * nobody writes. A save that the browser refuses, and the first that works again, count at once.
 */
export function storageGauge(host: ReactiveControllerHost, app: () => App | undefined): StorageGauge {
  let figures: StorageFigures | null = null;
  let level: StorageLevel = 'fine';
  let measuredAt = Number.NEGATIVE_INFINITY;
  let stops: readonly (() => void)[] = [];

  const measure = async (watched: App): Promise<void> => {
    if (performance.now() - measuredAt >= AT_MOST_EVERY_MS) {
      measuredAt = performance.now();
      const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
      figures = estimate ? { usedBytes: estimate.usage ?? 0, quotaBytes: estimate.quota ?? 0 } : null;
    }
    const before = level;
    level = storageLevel(figures, watched.saveState.value);
    if (level !== before) host.requestUpdate();
  };

  host.addController({
    hostConnected: () => host.requestUpdate(),
    hostUpdate() {
      const watched = app();
      if (!watched || stops.length > 0) return;
      const look = (): void => void measure(watched);
      stops = [watched.lastSavedAt.subscribe(look), watched.saveState.subscribe(look)];
    },
    hostDisconnected() {
      for (const stop of stops) stop();
      stops = [];
    },
  });
  return {
    get level() {
      return level;
    },
    get figures() {
      return figures;
    },
  };
}
