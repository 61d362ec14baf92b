import type { ReactiveControllerHost } from 'lit';
import type { App } from '#app/app.ts';
import type { Backups } from '#app/backups.ts';
import type { Result } from '#core/result.ts';
import { createLoader, type Loaded } from '#ui/controllers/loaded.ts';

/** Reads once the element is shown, and again whenever backups or restores have changed. */
export function followBackups<V, E>(
  host: ReactiveControllerHost,
  app: () => App | undefined,
  read: (backups: Backups) => Promise<Result<V, E>>,
): Loaded<V, E> {
  const loader = createLoader(host, () => read((app() as App).backups));
  let stop: (() => void) | null = null;
  const begin = (): void => {
    const backups = app()?.backups;
    if (stop || !backups) return;
    stop = backups.onNews(() => void loader.reload());
    void loader.reload();
  };
  host.addController({
    hostConnected: () => host.requestUpdate(),
    hostUpdated: begin,
    hostDisconnected() {
      stop?.();
      stop = null;
    },
  });
  return loader;
}
