import { type EntityKey, keyText } from '#core/entity-key.ts';
import type { AccountId } from '#core/ids.ts';
import { MAX_CONTAINED, tailOf } from '#core/lineage.ts';
import { type HistoryAnswer, MAX_DAMAGED, type PullAnswer, type PullRequest, type RemoteEntity } from '#core/protocol.ts';
import { err, ok, type Result } from '#core/result.ts';
import { flatten, type Refusal, refuse } from '#server/refusal.ts';
import { type Head, KEPT_BODIES, type StorageReader } from '#server/storage/storage.ts';
import type { SyncDeps } from './deps.ts';
import { findLostBodies, nameDamaged, reportDamaged, siftVersions } from './integrity.ts';
import { beginEpoch, checkPast, position } from './position.ts';

/** Ancestors named in one page: ten for each of a thousand entities, or thousands for one. */
const PAGE_ANCESTORS = 10_000;

/**
 * The latest state of entities, tombstones included, in one snapshot: those committed after `cursor`, oldest first;
 * those committed before `before`, newest first; or those named by `keys` (unknown ones are left out). Ends at `limit`
 * or `maxBytes`, after at least one, and says with `more` that it did; a pull by keys is then asked again for those
 * that are still missing.
 */
export async function pull(deps: SyncDeps, accountId: AccountId, request: PullRequest): Promise<Result<PullAnswer, Refusal>> {
  const { storage, clock, limits } = deps;
  const { cursor, before, keys } = request;
  const asked = [cursor, before, keys].filter((part) => part !== undefined);
  if (asked.length !== 1) return refuse('malformed', 'Ask for exactly one of cursor, before and keys.');
  const found: number[] = [];
  const answer = flatten(
    await storage.read(async (reader): Promise<Result<PullAnswer, Refusal>> => {
      const account = await reader.account(accountId);
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const past = await checkPast(reader, account, request);
      if (past) return err(past);
      const page = await readPage(reader, accountId, request, Math.min(request.maxBytes, limits.maxAnswerBytes));
      found.push(...page.damaged.map((head) => head.seq), ...(await findLostBodies(reader, accountId, page.sound)));
      return ok({
        ...position(account, Math.floor(clock.now())),
        seq: account.seq,
        changes: await withAncestors(reader, accountId, page.sound, request.since ?? cursor ?? 0),
        more: page.more,
        ...nameDamaged(page.damaged, await reader.damaged(accountId, MAX_DAMAGED)),
      });
    }),
  );
  await reportDamaged(deps, accountId, found);
  return beginEpoch(deps, accountId, request, answer);
}

interface Page {
  readonly sound: readonly RemoteEntity[];
  readonly damaged: readonly Head[];
  readonly more: boolean;
}

/** One page of what is asked for. A page on which everything is damaged goes on: `more` without a change would end no pull. */
async function readPage(reader: StorageReader, accountId: AccountId, request: PullRequest, maxBytes: number): Promise<Page> {
  const damaged: Head[] = [];
  let from = request;
  for (;;) {
    const heads = await findHeads(reader, accountId, from);
    const page = takePage(heads, request.limit, maxBytes);
    const versions = await reader.versionsAt(
      accountId,
      page.map((head) => head.seq),
    );
    const sifted = siftVersions(page, versions);
    const lost = new Set(sifted.damaged);
    damaged.push(...page.filter((head) => lost.has(head.seq)));
    const more = page.length < heads.length;
    const last = page.at(-1);
    if (sifted.sound.length > 0 || !more || !last) return { sound: sifted.sound, damaged, more };
    from = goOn(from, page, last.seq);
  }
}

/** Names what each version contains that came after the seq `since`: the newest, so many that a page costs what it carries. */
async function withAncestors(
  reader: StorageReader,
  accountId: AccountId,
  entities: readonly RemoteEntity[],
  since: number,
): Promise<RemoteEntity[]> {
  const changed = entities.filter(({ rev }) => rev > 1).length;
  const most = Math.min(MAX_CONTAINED, Math.floor(PAGE_ANCESTORS / changed));
  if (changed === 0 || most === 0) return [...entities];
  const lineages = await reader.lineages(accountId, entities, most, since);
  return entities.map((entity) => {
    const ancestors = lineages.get(entity.version)?.map(tailOf).join('');
    return ancestors ? { ...entity, ancestors } : entity;
  });
}

/** The same request for what follows a page. */
function goOn(request: PullRequest, page: readonly Head[], lastSeq: number): PullRequest {
  const { cursor, before, keys } = request;
  if (cursor !== undefined) return { ...request, cursor: lastSeq };
  if (before !== undefined) return { ...request, before: lastSeq };
  const taken = new Set(page.map(({ kind, id }) => keyText({ kind, id })));
  return { ...request, keys: (keys ?? []).filter(([kind, id]) => !taken.has(keyText({ kind, id }))) };
}

/** The kept versions of one entity, newest first. Ends at the server's own limit of bytes, after at least one. */
export async function history(deps: SyncDeps, accountId: AccountId, key: EntityKey): Promise<Result<HistoryAnswer, Refusal>> {
  const { storage, clock, limits } = deps;
  const found: number[] = [];
  const answer = flatten(
    await storage.read(async (reader): Promise<Result<HistoryAnswer, Refusal>> => {
      const account = await reader.account(accountId);
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const page = takePage(await reader.keptVersions(accountId, key), KEPT_BODIES, limits.maxAnswerBytes);
      const versions = await reader.versionsAt(
        accountId,
        page.map((version) => version.seq),
      );
      const { sound, damaged } = siftVersions(page, versions);
      found.push(...damaged);
      const lost = new Set(damaged);
      const contains = await reader.contained(accountId, key);
      return ok({
        ...position(account, Math.floor(clock.now())),
        ...(contains && { contains }),
        versions: [...sound],
        ...nameDamaged(page.filter(({ seq }) => lost.has(seq)).map((version) => ({ ...key, ...version }))),
      });
    }),
  );
  await reportDamaged(deps, accountId, found);
  return answer;
}

/** One more than the limit, so that a full page knows whether there is more. */
function findHeads(
  reader: StorageReader,
  accountId: AccountId,
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
