import type { KvError } from '#core/errors.ts';
import type { PushResult } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { StoreContext } from '#store/schema/context.ts';
import { noteSent } from '#store/schema/note-sent.ts';

/**
 * What the server lacks of the blobs that these ops name is to be sent, also where it had it once. Before the ops are
 * acknowledged: nobody else says so again.
 */
export async function noteMissingBlobs({ kv }: StoreContext, results: readonly PushResult[]): Promise<Result<void, KvError>> {
  const missing = new Set(results.flatMap((result) => (result.type === 'applied' ? result.missingBlobs : [])));
  if (missing.size === 0) return ok(undefined);
  return noteSent(kv, [...missing], false);
}
