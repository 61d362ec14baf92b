/** What a server that was put back has gone on with is joined with what it has lost of the same entity: see `SyncStore.join`. */
import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId, OpId } from '#core/ids.ts';
import type { ManifestEntry, RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { SyncStore } from '#core/sync-store.ts';
import type { Wire } from './large-bodies.ts';
import { isOverQuota, pushLost } from './push-lost.ts';

/** Gives the entity as the server has it then, to be compared again; null where the two are to be merged here; `waits` where there is no room. */
export async function join(
  store: SyncStore,
  transport: Wire,
  accountId: AccountId,
  remote: RemoteEntity,
  lineage: readonly OpId[],
  common: RemoteEntity,
): Promise<Result<Result<ManifestEntry | 'waits' | null, SyncError>, KvError>> {
  const ops = await store.join(remote, lineage, common);
  if (!ops.ok) return ops;
  const [lost, joined] = ops.value;
  if (!lost || !joined) return ok(ok(null));
  const answer = await pushLost(transport, accountId, ops.value);
  if (!answer.ok) return ok(answer.error.type === 'TooLarge' ? ok(null) : answer);
  const { kind, id, opId: version, hash } = joined;
  const isFull = answer.value.results.some((result) => result.opId === lost.opId && isOverQuota(result));
  const waiting = await store.keepLost(isFull ? [lost] : []);
  if (!waiting.ok) return waiting;
  if (waiting.value.size > 0) return ok(ok('waits'));
  const past = [...lineage, remote.version, lost.opId];
  const result = answer.value.results.find(({ opId }) => opId === version);
  switch (result?.type) {
    case 'applied':
      return ok(ok({ kind, id, version, hash, deleted: false, seq: result.seq, lineage: past }));
    case 'conflict':
      return ok(ok(result.current && { ...result.current, lineage: result.lineage }));
    default:
      // Another device has joined the two by another policy: what it has made of them is there.
      return ok(ok(result?.reason === 'op-reused' ? { ...remote, lineage: [...lineage] } : null));
  }
}
