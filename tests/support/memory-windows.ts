/** Windows of one device over one store in memory, whose worker can be lost while they read. */
import type { App } from '#app/app.ts';
import { createSessions } from '#app/sessions.ts';
import { typedReads, typedSessions } from '#app/typed-views.ts';
import { err } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createStore } from '#store/create-store.ts';
import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { workspaceSchema } from '#store/schema/schema.ts';
import type { Store } from '#store/store.ts';
import { mint } from './memory-workspace.ts';

export interface MemoryWindow {
  readonly app: Pick<App, 'get' | 'open' | 'create' | 'deviceId'>;
  flush(): Promise<void>;
  /** The next so many reads of one entity find no worker. */
  loseReads(count: number): void;
}

export interface MemoryWindows {
  readonly store: Store;
  openWindow(): MemoryWindow;
}

/** `given`: the store of windows that were opened earlier, of whose changes these do not hear. */
export function openMemoryWindows(deviceId: string, given?: Store): MemoryWindows {
  const refreshers: ReturnType<typeof createSessions>['refresh'][] = [];
  const store =
    given ??
    createStore({
      kv: createMemoryKv(workspaceSchema),
      clock: systemClock,
      random: systemRandom,
      ledger,
      workspaceId: mint(),
      deviceId,
      channel: { post: ({ keys }) => refreshers.forEach((refresh) => void refresh(keys)) },
      policy: () => 'newer',
    });
  return {
    store,
    openWindow() {
      let lost = 0;
      const get: Store['get'] = async (kind, id) => {
        if (lost === 0) return store.get(kind, id);
        lost -= 1;
        return err({ type: 'WorkerLost', reason: 'the worker is silent' });
      };
      const sessions = createSessions({
        autosaveMs: 5,
        save: (request) => store.save(request),
        get,
        mintId: mint,
        clock: systemClock,
        clearJournal: () => {},
      });
      refreshers.push(sessions.refresh);
      return {
        app: { ...typedReads({ ...store, get }), ...typedSessions(sessions, mint), deviceId },
        flush: sessions.flush,
        loseReads(count) {
          lost = count;
        },
      };
    },
  };
}
