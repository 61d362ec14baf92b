import type { HistoryAnswer, PullAnswer, PullRequest } from '#core/protocol.ts';
import { err, ok, type Result } from '#core/result.ts';
import { checkPast, position } from './position.ts';
import { flatten, type Refusal, refuse } from './refusal.ts';
import type { EntityKey, Head, StorageReader } from './storage/storage.ts';
import type { SyncDeps } from './sync-api.ts';

/**
 * The latest state of entities, tombstones included, in one snapshot: those committed after `cursor`, oldest first;
 * those committed before `before`, newest first; or those named by `keys` (unknown ones are left out). Ends at `limit`
 * or `maxBytes`, after at least one, and says with `more` that it did; a pull by keys is then asked again for those
 * that are still missing.
 */
export async function pull(
  { storage, clock, limits }: SyncDeps,
  accountId: string,
  request: PullRequest,
): Promise<Result<PullAnswer, Refusal>> {
  const { cursor, before, keys } = request;
  const asked = [cursor, before, keys].filter((part) => part !== undefined);
  if (asked.length !== 1) return refuse('malformed', 'Ask for exactly one of cursor, before and keys.');
  return flatten(
    await storage.read(async (reader): Promise<Result<PullAnswer, Refusal>> => {
      const account = await reader.account(accountId);
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const past = await checkPast(reader, account, request);
      if (past) return err(past);
      const heads = await findHeads(reader, accountId, request);
      const page = takePage(heads, request.limit, Math.min(request.maxBytes, limits.maxAnswerBytes));
      const changes = await reader.versionsAt(
        accountId,
        page.map((head) => head.seq),
      );
      return ok({
        ...position(account, Math.floor(clock.now())),
        seq: account.seq,
        changes: [...changes],
        more: page.length < heads.length,
      });
    }),
  );
}

/** The kept versions of one entity, newest first. Ends at the server's own limit of bytes, after at least one. */
export async function history(
  { storage, clock, limits }: SyncDeps,
  accountId: string,
  key: EntityKey,
): Promise<Result<HistoryAnswer, Refusal>> {
  return flatten(
    await storage.read(async (reader): Promise<Result<HistoryAnswer, Refusal>> => {
      const account = await reader.account(accountId);
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const kept = await reader.keptVersions(accountId, key);
      const page = takePage(kept, kept.length, limits.maxAnswerBytes);
      const versions = await reader.versionsAt(
        accountId,
        page.map((version) => version.seq),
      );
      return ok({ ...position(account, Math.floor(clock.now())), versions: [...versions] });
    }),
  );
}

/** One more than the limit, so that a full page knows whether there is more. */
function findHeads(
  reader: StorageReader,
  accountId: string,
  { cursor, before, keys, limit }: PullRequest,
): Promise<readonly Head[]> {
  if (cursor !== undefined) return reader.headsAfter(accountId, cursor, limit + 1);
  if (before !== undefined) return reader.headsBefore(accountId, before, limit + 1);
  return reader.heads(
    accountId,
    (keys ?? []).map(([kind, id]) => ({ kind, id })),
  );
}

function takePage<T extends { readonly bytes: number }>(rows: readonly T[], limit: number, maxBytes: number): readonly T[] {
  let bytes = 0;
  const end = rows.findIndex((row, index) => {
    bytes += row.bytes;
    return index >= limit || (index > 0 && bytes > maxBytes);
  });
  return end === -1 ? rows : rows.slice(0, end);
}
