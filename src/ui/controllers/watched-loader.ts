import type { ReactiveControllerHost } from 'lit';
import type { App } from '#app/app.ts';
import type { Result } from '#core/result.ts';
import { createLoader, type Loaded } from './loaded.ts';
import { isInPage } from './observer.ts';

/**
 * Reads when the element is shown, and again whenever `watch` asks for it, with a new render each time. The newest reading
 * wins. What `watch` gives is called when the element is no longer in the page.
 */
export function watchedLoader<V, E>(
  host: ReactiveControllerHost,
  app: () => App | undefined,
  read: (app: App) => Promise<Result<V, E>>,
  watch: (app: App, reload: () => void) => readonly (() => void)[],
): Loaded<V, E> {
  const loader = createLoader(host, () => read(app() as App));
  const reload = (): void => void loader.reload();
  let stops: readonly (() => void)[] = [];
  host.addController({
    hostConnected: () => host.requestUpdate(),
    hostUpdate() {
      const watched = app();
      if (!watched || stops.length > 0 || !isInPage(host)) return;
      stops = watch(watched, reload);
      reload();
    },
    hostDisconnected() {
      for (const stop of stops) stop();
      stops = [];
    },
  });
  return loader;
}
