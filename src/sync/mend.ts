/**
 * What came damaged is asked for again, once in a run, and what this device holds whole is given to the server. Nothing waits
 * for that: the cursor has moved on, and the store remembers what is missing until it is there (`SyncStore.noteDamaged`).
 */

import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Transport } from '#core/ports.ts';
import { type Damaged, pullAnswerSchema, pushAnswerSchema } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { ok, type Result } from '#core/result.ts';
import type { SyncPosition, SyncStore } from '#core/sync-store.ts';
import { siftBodies } from './integrity.ts';
import { call } from './request.ts';

const PULL_BYTES = 4_000_000;

/** Gives null, or what prevented it. */
export async function mendDamaged(
  store: SyncStore,
  transport: Transport,
  accountId: AccountId,
  { epoch, seen, cursor, damaged }: SyncPosition,
): Promise<Result<SyncError | null, KvError>> {
  const envelope = { protocol: PROTOCOL, epoch, seen };
  const copies = await store.copiesOf(damaged);
  if (!copies.ok) return copies;
  const given = new Set<string>();
  // One at a time: there are few, and one that is too large stops none of the others.
  for (const op of copies.value) {
    const request = { method: 'POST', path: paths.push(accountId), body: { ...envelope, ops: [op] } } as const;
    const answer = await call(transport, request, pushAnswerSchema);
    if (!answer.ok && answer.error.type !== 'TooLarge') return ok(answer.error);
    if (answer.ok && answer.value.results.some(({ type, opId }) => type === 'applied' && opId === op.opId)) given.add(op.opId);
  }
  const missing = damaged.filter(({ version }) => !given.has(version));
  const mended = damaged.filter(({ version }) => given.has(version));
  if (missing.length > 0) {
    const body = { ...envelope, keys: missing.map(({ kind, id }) => [kind, id]), limit: missing.length, maxBytes: PULL_BYTES };
    const answer = await call(transport, { method: 'POST', path: paths.pull(accountId), body }, pullAnswerSchema);
    if (!answer.ok) return ok(answer.error);
    const { sound } = siftBodies(answer.value.changes);
    if (sound.length > 0) {
      const applied = await store.apply(sound, cursor, answer.value);
      if (!applied.ok) return applied;
    }
    const isThere = ({ kind, id }: Damaged) => sound.some((entity) => entity.kind === kind && entity.id === id);
    mended.push(...missing.filter(isThere));
  }
  const forgotten = await store.forgetDamaged(mended);
  return forgotten.ok ? ok(null) : forgotten;
}
