/**
 * What a restored or wiped server has lost is given back to it as it was: the version under its own id, with the very same body.
 * Every device that knows the version then finds it again, and merges nothing. What cannot be given back so is offered again.
 */
import { keyText } from '#core/entity-key.ts';
import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { MAX_PUSH_BYTES, type ManifestEntry, type Op, type PushAnswer } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { LostKey, SyncStore } from '#core/sync-store.ts';
import type { Wire } from './large-bodies.ts';
import { isOverQuota, pushLost } from './push-lost.ts';

export interface GivenBack {
  /** What the server holds again, as `kind/id`. */
  readonly given: ReadonlySet<string>;
  /** What the account has no room for: it waits as it was. */
  readonly waiting: ReadonlySet<string>;
  /** What has moved on at the server meanwhile, as it is there now. */
  readonly moved: readonly ManifestEntry[];
}

/** Gives the server what it has lost of `keys`, as far as this device has it. `seqs` holds the places of its heads. */
export async function giveBack(
  store: SyncStore,
  transport: Wire,
  accountId: AccountId,
  keys: readonly LostKey[],
): Promise<Result<Result<GivenBack, SyncError>, KvError>> {
  const lost = await store.lost(keys);
  if (!lost.ok) return lost;
  const heads = new Map(keys.map((key) => [keyText(key), key]));
  const given = new Set<string>();
  const moved: ManifestEntry[] = [];
  const refused: Op[] = [];
  const batches = [...toBatches(lost.value)];
  for (;;) {
    const batch = batches.shift();
    if (!batch) break;
    const answer = await pushLost(transport, accountId, batch);
    if (!answer.ok && answer.error.type === 'TooLarge' && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      batches.unshift(batch.slice(0, half), batch.slice(half));
      continue;
    }
    // What is too large to be given back is offered again, and meets the server's limit in the ordinary way.
    if (!answer.ok && answer.error.type !== 'TooLarge') return ok(answer);
    const results: PushAnswer['results'] = answer.ok ? answer.value.results : [];
    const settled = await store.settle(results);
    if (!settled.ok) return settled;
    for (const result of results) {
      const op = batch.find(({ opId }) => opId === result.opId);
      if (!op) continue;
      const name = keyText(op);
      // An older seq than the head's: the server had the version all along, and what it has now was built on it.
      if (result.type === 'applied' && result.seq > (heads.get(name)?.seq ?? 0)) given.add(name);
      if (isOverQuota(result)) refused.push(op);
      const isRefused = refused.some((one) => keyText(one) === name);
      if (result.type === 'conflict' && result.current && !isRefused) moved.push({ ...result.current, lineage: result.lineage });
    }
  }
  const waiting = await store.keepLost(refused);
  return waiting.ok ? ok(ok({ given, waiting: waiting.value, moved })) : waiting;
}

function toBatches(ops: readonly Op[]): readonly (readonly Op[])[] {
  const batches: Op[][] = [];
  let chars = 0;
  for (const op of ops) {
    const size = (op.body?.length ?? 0) + (op.contains?.length ?? 0) + 400;
    chars += size;
    const batch = batches.at(-1);
    if (batch && chars <= MAX_PUSH_BYTES) {
      batch.push(op);
      continue;
    }
    batches.push([op]);
    chars = size;
  }
  return batches;
}
