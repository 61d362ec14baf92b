import type { SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Transport } from '#core/ports.ts';
import { type ManifestAnswer, type ManifestEntry, type ManifestRequest, manifestAnswerSchema } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { err, ok, type Result } from '#core/result.ts';
import { call } from './request.ts';

/** Gives the next page at each call; null after the last one. */
export type ManifestReader = () => Promise<Result<ManifestAnswer | null, SyncError>>;

/**
 * Reads what the account holds, by kind, then id, in pages of `limit`. A page that does not go beyond the one before it, or is
 * empty with more behind it, is a `Network` error: a reader that went on would ask for it without end.
 */
export function readManifest(transport: Transport, accountId: AccountId, limit: number): ManifestReader {
  let after: ManifestRequest['after'] = null;
  let ended = false;
  return async () => {
    if (ended) return ok(null);
    const body: ManifestRequest = { protocol: PROTOCOL, after, limit };
    const page = await call(transport, { method: 'POST', path: paths.manifest(accountId), body }, manifestAnswerSchema);
    if (!page.ok) return page;
    const { entries, more } = page.value;
    const last = entries.at(-1);
    if (more && !isBeyond(last, after)) return err({ type: 'Network', reason: 'a manifest that does not move on' });
    ended = !more;
    if (last) after = [last.kind, last.id];
    return page;
  };
}

/** Kinds and ids are ASCII: code units are their order on both sides. */
function isBeyond(last: ManifestEntry | undefined, after: ManifestRequest['after']): boolean {
  if (!last || !after) return last !== undefined;
  const [kind, id] = after;
  return last.kind === kind ? last.id > id : last.kind > kind;
}
