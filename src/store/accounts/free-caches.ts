/** Room for what cannot be made again. */
import type { KvError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import type { Result } from '#core/result.ts';
import { writeFlag } from '#store/kv/flags.ts';
import { deleteCaches } from './erase.ts';

/** Deletes the caches of a workspace that has no room, and remembers when: they are not made again at once. */
export async function freeCaches(workspaceId: string, clock: Pick<Clock, 'now'>): Promise<Result<void, KvError>> {
  const deleted = await deleteCaches([workspaceId]);
  await writeFlag('roomMadeAt', clock.now());
  return deleted;
}
