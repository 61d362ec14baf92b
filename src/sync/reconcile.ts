/**
 * The server has another past than this device: it was wiped, or restored from an older copy. Every entity is compared
 * by lineage; what regressed is pushed again, what moved on is merged, what is absent there is offered. Absence is never
 * deletion. Killed half-way it starts again: `reconciling` stands in the store until the end.
 */

import { keyText } from '#core/entity-key.ts';
import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Transport } from '#core/ports.ts';
import {
  historyAnswerSchema,
  type ManifestAnswer,
  type ManifestEntry,
  type ManifestRequest,
  manifestAnswerSchema,
  PROTOCOL,
  pullAnswerSchema,
  type RemoteEntity,
} from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { SyncStore } from '#core/sync-store.ts';
import { siftBodies } from './integrity.ts';
import { call } from './request.ts';

const MANIFEST_PAGE = 2000;
const FETCH_BATCH = 100;

/** Gives null when it is done, or what stood in the way. */
export async function reconcile(
  store: SyncStore,
  transport: Transport,
  accountId: AccountId,
): Promise<Result<SyncError | null, KvError>> {
  // Sent rows of the old life first: their answers will never come from this one.
  const begun = await store.beginReconcile();
  if (!begun.ok) return begun;

  const known = new Set<string>();
  let first: ManifestAnswer | null = null;
  let after: ManifestRequest['after'] = null;
  for (;;) {
    const body: ManifestRequest = { protocol: PROTOCOL, after, limit: MANIFEST_PAGE };
    const page: Result<ManifestAnswer, SyncError> = await call(
      transport,
      { method: 'POST', path: paths.manifest(accountId), body },
      manifestAnswerSchema,
    );
    if (!page.ok) return ok(page.error);
    first ??= page.value;
    if (page.value.epoch !== first.epoch) return ok({ type: 'ReconcileNeeded', epoch: page.value.epoch });
    for (const { kind, id } of page.value.entries) known.add(keyText({ kind, id }));
    const differing = await store.differing(page.value.entries);
    if (!differing.ok) return differing;
    const merged = await mergeDiffering(store, transport, accountId, differing.value, known);
    if (!merged.ok || merged.value !== null) return merged;
    const last: ManifestEntry | undefined = page.value.entries.at(-1);
    if (!page.value.more || !last) break;
    after = [last.kind, last.id];
  }

  const requeued = await store.requeueAbsent(known);
  if (!requeued.ok) return requeued;
  // What the account gained while the pages came is pulled from the first page's position on.
  const ended = await store.endReconcile(first.epoch, first.seq, first.seen);
  return ended.ok ? ok(null) : ended;
}

async function mergeDiffering(
  store: SyncStore,
  transport: Transport,
  accountId: AccountId,
  entries: readonly ManifestEntry[],
  known: Set<string>,
): Promise<Result<SyncError | null, KvError>> {
  let waiting = entries;
  while (waiting.length > 0) {
    const batch = waiting.slice(0, FETCH_BATCH);
    const keys = batch.map(({ kind, id }) => [kind, id]);
    const keyNames = new Set(batch.map(({ kind, id }) => keyText({ kind, id })));
    const body = { protocol: PROTOCOL, epoch: null, seen: null, keys, limit: FETCH_BATCH, maxBytes: 4_000_000 };
    const answer = await call(transport, { method: 'POST', path: paths.pull(accountId), body }, pullAnswerSchema);
    if (!answer.ok) return ok(answer.error);
    const { sound, damaged } = siftBodies(answer.value.changes, answer.value.damaged);
    const noted = await store.noteDamaged(damaged);
    if (!noted.ok) return noted;
    const fetched = new Map(sound.map((entity) => [keyText(entity), entity]));
    // What cannot be compared is offered like what the server does not have, and merged with a whole copy once there is one.
    const lost = new Set(damaged.map(({ kind, id }) => keyText({ kind, id })).filter((name) => keyNames.has(name)));
    for (const name of lost) known.delete(name);
    for (const entry of batch) {
      const remote = fetched.get(keyText(entry));
      if (!remote) continue;
      const past = await findPast(store, transport, accountId, entry);
      if (!past.ok) return ok(past.error);
      const { common, ancestors } = past.value;
      const later = remote.version === entry.version ? [] : [entry.version];
      const merged = await store.reconcile(remote, [...ancestors, ...entry.lineage, ...later], common);
      if (!merged.ok) return merged;
    }
    // The answer may end early at its byte limit; what it left out is asked for again.
    const rest = waiting.filter(({ kind, id }) => !fetched.has(keyText({ kind, id })) && !lost.has(keyText({ kind, id })));
    if (rest.length === waiting.length) return ok({ type: 'Network', reason: 'a pull that leaves out entities' });
    waiting = rest;
  }
  return ok(null);
}

interface Past {
  /** The body of the nearest version that both sides know, where a merge needs one and the server still has it. */
  readonly common: RemoteEntity | null;
  /** Ancestors of the server's version beyond those that it has named. */
  readonly ancestors: readonly string[];
}

async function findPast(
  store: SyncStore,
  transport: Transport,
  accountId: AccountId,
  entry: ManifestEntry,
): Promise<Result<Past, SyncError>> {
  const { kind, id } = entry;
  const version = await store.commonVersion(entry);
  if (!version.ok) return ok({ common: null, ancestors: [] });
  if (version.value === null) return findOlder(store, transport, accountId, entry);
  const answer = await call(transport, { method: 'GET', path: paths.history(accountId, kind, id) }, historyAnswerSchema);
  if (!answer.ok) return answer;
  const { sound } = siftBodies(answer.value.versions);
  return ok({ common: sound.find((one) => one.version === version.value) ?? null, ancestors: [] });
}

/**
 * A device that was away for long: the version it last merged is too old for the server to name. Whether the account's log
 * still has it in its place is asked like any other question about the past.
 */
async function findOlder(
  store: SyncStore,
  transport: Transport,
  accountId: AccountId,
  { kind, id, version, lineage, seq }: ManifestEntry,
): Promise<Result<Past, SyncError>> {
  const last = await store.lastMerged(kind, id);
  const seen = last.ok ? last.value : null;
  const isAnswered = seen === null || seen.opId === version || lineage.includes(seen.opId) || seen.seq >= seq;
  if (isAnswered) return ok({ common: null, ancestors: [] });
  const body = { protocol: PROTOCOL, epoch: null, seen, keys: [[kind, id]], limit: 1, maxBytes: 1 };
  const answer = await call(transport, { method: 'POST', path: paths.pull(accountId), body }, pullAnswerSchema);
  if (!answer.ok && answer.error.type !== 'ReconcileNeeded') return answer;
  return ok({ common: null, ancestors: answer.ok ? [seen.opId] : [] });
}
