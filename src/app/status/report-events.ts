/** What a page knows of its own life, for the event log of the device: starts, failed saves, updates, bugs. */
import type { App, SaveState } from '#app/app.ts';
import type { Observable } from '#app/observable.ts';
import type { DeviceEvent } from '#store/status-store.ts';

export interface ReportOptions {
  readonly saveState: Observable<SaveState>;
  readonly update: App['update'];
  readonly log: (event: DeviceEvent) => void;
}

/** Logs from now on. */
export function reportEvents({ saveState, update, log }: ReportOptions): void {
  log({ type: 'started', detail: navigator.onLine ? 'online' : 'offline' });
  let failed = false;
  saveState.subscribe((state) => {
    if (state.type === 'error') {
      failed = true;
      log({ type: 'save-failed', error: state.error });
    } else if (failed && state.type === 'saved') {
      failed = false;
      log({ type: 'save-recovered' });
    }
  });
  let offered = false;
  update.subscribe((offer) => {
    if (offer && !offered) log({ type: 'updated' });
    offered = offer !== null;
  });
  addEventListener('error', ({ error, filename, lineno }) =>
    log({ type: 'failed', detail: describeBug(error, filename, lineno) }),
  );
  addEventListener('unhandledrejection', ({ reason }) => log({ type: 'failed', detail: describeBug(reason, '', 0) }));
}

/** Name and place only: a message may quote what a person wrote. */
export function describeBug(error: unknown, filename: string, line: number): string {
  const name = error instanceof Error ? error.name : typeof error;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = filename === '' ? (/[^/\s(]+\.(?:js|ts):\d+/.exec(stack)?.[0] ?? '') : `${filename.split('/').at(-1)}:${line}`;
  return place === '' ? name : `${name} at ${place}`;
}
