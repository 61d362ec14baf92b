import type { ReactiveControllerHost } from 'lit';
import type { App, EntityView } from '#app/app.ts';
import { isOfKind } from '#app/typed-views.ts';
import { type KeyPair, pairText } from '#core/entity-key.ts';

/** An entity that changes again and again, as one that is being typed does, is read at this pace: the first change at once. */
const PACE_MS = 500;

export interface LiveEntities {
  /** The entity as last read; null where there is none; undefined until it has been read. */
  get<K extends string>(kind: K, id: string): EntityView<K> | null | undefined;
}

/**
 * Keeps a handful of entities (those of the open tabs, the settings) as they are now, with a new render after each
 * change. `keysOf` is asked before each render. A failed read leaves the last known value.
 */
export function liveEntities(
  host: ReactiveControllerHost,
  appOf: () => App | undefined,
  keysOf: (app: App) => readonly KeyPair[],
): LiveEntities {
  const views = new Map<string, EntityView | null>();
  /** Reads under way; true where the entity has changed again since its read began. */
  const reading = new Map<string, boolean>();
  const readAt = new Map<string, number>();
  const planned = new Map<string, ReturnType<typeof setTimeout>>();
  let app: App | undefined;
  let stop: (() => void) | undefined;

  const read = async ([kind, id]: KeyPair): Promise<void> => {
    const name = pairText([kind, id]);
    if (!app) return;
    if (reading.has(name)) {
      reading.set(name, true);
      return;
    }
    reading.set(name, false);
    readAt.set(name, performance.now());
    const result = await app.getChanged(kind, id);
    const changedMeanwhile = reading.get(name);
    reading.delete(name);
    if (result.ok) {
      views.set(name, result.value);
      host.requestUpdate();
    }
    if (changedMeanwhile) plan([kind, id]);
  };

  const plan = (key: KeyPair): void => {
    const name = pairText(key);
    const ms = (readAt.get(name) ?? Number.NEGATIVE_INFINITY) + PACE_MS - performance.now();
    if (ms <= 0) return void read(key);
    if (planned.has(name)) return;
    planned.set(
      name,
      setTimeout(() => {
        planned.delete(name);
        void read(key);
      }, ms),
    );
  };

  const onChange = (changed: readonly KeyPair[] | null): void => {
    for (const key of app ? keysOf(app) : []) {
      const isChanged = changed === null || changed.some(([kind, id]) => kind === key[0] && id === key[1]);
      if (isChanged) plan(key);
    }
  };

  host.addController({
    hostConnected: () => host.requestUpdate(),
    hostUpdate() {
      app ??= appOf();
      if (!app) return;
      stop ??= app.onChange(onChange);
      for (const key of keysOf(app)) if (!views.has(pairText(key))) void read(key);
    },
    hostDisconnected() {
      stop?.();
      stop = undefined;
      for (const timer of planned.values()) clearTimeout(timer);
      planned.clear();
    },
  });
  return {
    get(kind, id) {
      const view = views.get(pairText([kind, id]));
      return view && (isOfKind(view, kind) ? view : undefined);
    },
  };
}
