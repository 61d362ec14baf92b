import type { ReactiveControllerHost } from 'lit';

/** The present time, and a new render each minute, so that "2 min" does not grow stale. */
export function minuteClock(host: ReactiveControllerHost): { readonly now: number } {
  let timer: ReturnType<typeof setInterval> | undefined;
  host.addController({
    hostConnected() {
      timer = setInterval(() => host.requestUpdate(), 60_000);
    },
    hostDisconnected() {
      clearInterval(timer);
    },
  });
  return {
    get now() {
      return Date.now();
    },
  };
}
