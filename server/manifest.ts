import { manifestDigest } from '#core/manifest-digest.ts';
import type { ManifestAnswer, ManifestRequest } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import { position } from './position.ts';
import { flatten, type Refusal, refuse } from './refusal.ts';
import type { EntityKey, Head, StorageReader } from './storage/storage.ts';
import type { SyncDeps } from './sync-api.ts';

/** Heads read at a time for the digest. */
const DIGEST_PAGE = 5000;

/**
 * What the account holds, by kind, then id, without bodies: what reconcile and "Check my data" compare. Each page is a
 * snapshot of its own; the cursor to go on with after a reconcile is the `seq` of the first page.
 */
export async function manifest(
  { storage, clock }: SyncDeps,
  accountId: string,
  { after, limit }: Pick<ManifestRequest, 'after' | 'limit'>,
): Promise<Result<ManifestAnswer, Refusal>> {
  return flatten(
    await storage.read(async (reader): Promise<Result<ManifestAnswer, Refusal>> => {
      const account = await reader.account(accountId);
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const start = after && { kind: after[0], id: after[1] };
      const heads = await reader.headsByKey(accountId, start, limit + 1);
      const page = heads.slice(0, limit);
      const lineages = await reader.lineages(accountId, page);
      return ok({
        ...position(account, Math.floor(clock.now())),
        seq: account.seq,
        count: await reader.countEntities(accountId),
        digest: after === null ? manifestDigest(await readAllHeads(reader, accountId)) : null,
        entries: page.map(({ kind, id, version, hash, deleted, seq }) => {
          return { kind, id, version, hash, deleted, seq, lineage: [...(lineages.get(version) ?? [])] };
        }),
        more: heads.length > limit,
      });
    }),
  );
}

async function readAllHeads(reader: StorageReader, accountId: string): Promise<readonly Head[]> {
  const all: Head[] = [];
  let after: EntityKey | null = null;
  for (;;) {
    const page: readonly Head[] = await reader.headsByKey(accountId, after, DIGEST_PAGE);
    for (const head of page) all.push(head);
    after = page.at(-1) ?? null;
    if (page.length < DIGEST_PAGE) return all;
  }
}
