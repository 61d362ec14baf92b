import * as v from 'valibot';
import type { AccountId } from '#core/ids.ts';
import { MAX_LINEAGE } from '#core/lineage.ts';
import { type ManifestAnswer, type ManifestRequest, manifestEntrySchema } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { flatten, type Refusal, refuse } from '#server/refusal.ts';
import type { Head } from '#server/storage/storage.ts';
import type { SyncDeps } from './deps.ts';
import { position } from './position.ts';

/** Version ids in one page, lineages included: 500 entities with full lineages, or 5,000 that changed once. */
const PAGE_VERSIONS = 10_000;

/**
 * What the account holds, by kind, then id, without bodies: what reconcile and "Check my data" compare. Each page is a
 * snapshot of its own; the cursor to go on with after a reconcile is the `seq` of the first page. A page costs what it
 * carries: count and digest are kept with each push.
 */
export async function manifest(
  { storage, clock }: SyncDeps,
  accountId: AccountId,
  { after, limit }: Pick<ManifestRequest, 'after' | 'limit'>,
): Promise<Result<ManifestAnswer, Refusal>> {
  return flatten(
    await storage.read(async (reader): Promise<Result<ManifestAnswer, Refusal>> => {
      const account = await reader.account(accountId);
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const start = after && { kind: after[0], id: after[1] };
      const heads = await reader.headsByKey(accountId, start, limit + 1);
      const page = takePage(heads, limit);
      const lineages = await reader.lineages(accountId, page);
      const digest = await reader.digest(accountId);
      const entries = page.map(({ kind, id, version, hash, deleted, seq }) => {
        return { kind, id, version, hash, deleted, seq, lineage: [...(lineages.get(version) ?? [])] };
      });
      return ok({
        ...position(account, Math.floor(clock.now())),
        seq: account.seq,
        count: digest.entities,
        digest: null,
        ...(after === null && digest.seq === account.seq && { buckets: digest.buckets }),
        // A row that the disk has changed into something else would make the whole page unreadable.
        entries: entries.filter((entry) => v.is(manifestEntrySchema, entry)),
        more: heads.length > page.length,
      });
    }),
  );
}

function takePage(heads: readonly Head[], limit: number): readonly Head[] {
  let versions = 0;
  const end = heads.findIndex(({ rev }, index) => {
    versions += Math.min(rev, MAX_LINEAGE + 1);
    return index >= limit || (index > 0 && versions > PAGE_VERSIONS);
  });
  return end === -1 ? heads : heads.slice(0, end);
}
