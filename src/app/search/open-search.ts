import { once } from '#core/lazy.ts';
import { systemClock } from '#platform/system.ts';
import type { Search } from './search.ts';

/** Loads the search when it is first wanted; after a failed load the next call tries again. */
export function lazySearch(workspaceId: string): () => Promise<Search> {
  return once(async () => {
    const [{ createSearchClient }, { spawnSearchWorker }] = await Promise.all([
      import('./search-client.ts'),
      import('./spawn-search-worker.ts'),
    ]);
    return createSearchClient({ spawn: spawnSearchWorker, workspaceId, clock: systemClock });
  });
}
