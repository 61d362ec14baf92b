import { once } from '#core/lazy.ts';
import { systemClock } from '#platform/system.ts';
import type { Pictures } from './pictures.ts';

/** Loads what prepares files when it is first wanted; after a failed load the next call tries again. */
export function lazyPictures(): () => Promise<Pictures> {
  return once(async () => {
    const [{ createPictureClient }, { spawnPictureWorker }] = await Promise.all([
      import('./picture-client.ts'),
      import('./spawn-picture-worker.ts'),
    ]);
    return createPictureClient({ spawn: spawnPictureWorker, clock: systemClock });
  });
}
