import type { App, EntitySession, EntityView } from '#app/app.ts';
import { callAgain } from '#core/call-again.ts';
import { keyText } from '#core/entity-key.ts';
import type { StoreError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';

export interface LoadedSession<K extends string = string> {
  readonly session: EntitySession<K>;
  /** The entity as found; null where there has never been one on this device. */
  readonly found: EntityView<K> | null;
}

const TRIES = 3;
/** Pauses between the tries of what nobody asks for again, in ms; the last one again and again. */
const PAUSES_MS = [500, 2000, 10_000] as const;

/** Sessions on their way out, by entity: one that is opened again waits until what was typed has been handed over. */
const closing = new Map<string, Promise<void>>();

/**
 * Opens a session and waits until its fields are those of the store. A change made before that would be built on
 * nothing, so nobody gets the session earlier. Where the entity does not exist the session is ready to create it.
 */
export async function openLoaded<K extends string>(
  app: Pick<App, 'get' | 'open'>,
  kind: K,
  id: string,
): Promise<Result<LoadedSession<K>, StoreError>> {
  await closing.get(keyText({ kind, id }));
  const found = await callAgain(() => app.get(kind, id), ['WorkerLost', 'ConnectionLost'], TRIES);
  if (!found.ok) return err(found.error);
  const session = app.open(kind, id);
  if (found.value) await firstView(session);
  return ok({ session, found: found.value });
}

/**
 * As `openLoaded`, for what the app keeps by itself: nobody would press "Try again", and what is to be kept would be lost for as long
 * as the page lives. Goes on until it has been read; `onFailed` is called after each try that fails.
 */
export async function openSurely<K extends string>(
  app: Pick<App, 'get' | 'open'>,
  kind: K,
  id: string,
  onFailed: () => void = () => {},
): Promise<LoadedSession<K>> {
  for (let tries = 0; ; tries++) {
    const loaded = await openLoaded(app, kind, id);
    if (loaded.ok) return loaded.value;
    onFailed();
    await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]));
  }
}

/** Hands over what is waiting, then lets go of the session. */
export function closeSession(session: Pick<EntitySession, 'kind' | 'id' | 'close'>): Promise<void> {
  const name = keyText(session);
  const closed = session.close().finally(() => {
    if (closing.get(name) === closed) closing.delete(name);
  });
  closing.set(name, closed);
  return closed;
}

function firstView(session: Pick<EntitySession, 'view'>): Promise<void> {
  return new Promise((resolve) => {
    let stop: (() => void) | undefined;
    let loaded = false;
    stop = session.view.subscribe((view) => {
      if (!view || loaded) return;
      loaded = true;
      // The subscription may answer before it has returned its own end.
      queueMicrotask(() => stop?.());
      resolve();
    });
  });
}
