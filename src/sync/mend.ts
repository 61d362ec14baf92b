/**
 * What came damaged is asked for again, once in a run, and what this device holds whole is given to the server. Nothing waits
 * for that: the cursor has moved on, and the store remembers what is missing until it is there (`SyncStore.noteDamaged`).
 */

import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import { type Damaged, pullAnswerSchema } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { ok, type Result } from '#core/result.ts';
import type { SyncPosition, SyncStore } from '#core/sync-store.ts';
import { siftBodies } from './integrity.ts';
import { sliceByBodies, type Wire } from './large-bodies.ts';
import { pushOps } from './push.ts';
import { call } from './request.ts';

const PULL_BYTES = 4_000_000;

/** Gives null, or what prevented it. */
export async function mendDamaged(
  store: SyncStore,
  transport: Wire,
  accountId: AccountId,
  { epoch, seen, cursor, damaged }: SyncPosition,
): Promise<Result<SyncError | null, KvError>> {
  const envelope = { protocol: PROTOCOL, epoch, seen };
  const copies = await store.copiesOf(damaged);
  if (!copies.ok) return copies;
  const given = new Set<string>();
  // One at a time: there are few, and one that is too large stops none of the others.
  for (const op of copies.value) {
    // In the form that the server had it in, and no other: its hash tells which.
    const wasWhole = damaged.some(({ version, hash }) => version === op.opId && hash === op.hash);
    const wire: Wire = wasWhole ? { request: (request) => transport.request(request) } : transport;
    const answer = await pushOps(wire, accountId, { ...envelope, ops: [op] });
    if (!answer.ok && answer.error.type !== 'TooLarge') return ok(answer.error);
    if (answer.ok && answer.value.results.some(({ type, opId }) => type === 'applied' && opId === op.opId)) given.add(op.opId);
  }
  const missing = damaged.filter(({ version }) => !given.has(version));
  const mended = damaged.filter(({ version }) => given.has(version));
  if (missing.length > 0) {
    const body = { ...envelope, keys: missing.map(({ kind, id }) => [kind, id]), limit: missing.length, maxBytes: PULL_BYTES };
    const answer = await call(transport, { method: 'POST', path: paths.pull(accountId), body }, pullAnswerSchema);
    if (!answer.ok) return ok(answer.error);
    for (const changes of sliceByBodies(answer.value.changes)) {
      const sifted = await siftBodies(transport, changes);
      if (!sifted.ok) return ok(sifted.error);
      const { sound } = sifted.value;
      if (sound.length === 0) continue;
      const applied = await store.apply(sound, cursor, answer.value);
      if (!applied.ok) return applied;
      const isThere = ({ kind, id }: Damaged) => sound.some((entity) => entity.kind === kind && entity.id === id);
      mended.push(...missing.filter(isThere));
    }
  }
  const forgotten = await store.forgetDamaged(mended);
  return forgotten.ok ? ok(null) : forgotten;
}
