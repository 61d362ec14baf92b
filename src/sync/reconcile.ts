/**
 * The server has another past than this device: it was wiped, or restored from an older copy. Every entity is compared
 * by lineage; what regressed is pushed again, what moved on is merged, what is absent there is offered. Absence is never
 * deletion. Killed half-way it starts again: `reconciling` is in the store until the end.
 */

import { type KeyPair, keyText } from '#core/entity-key.ts';
import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import { type ManifestAnswer, type ManifestEntry, pullAnswerSchema, type RemoteEntity } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { ok, type Result } from '#core/result.ts';
import type { AbsentPage, SyncStore } from '#core/sync-store.ts';
import { findPast } from './find-past.ts';
import { giveBack } from './give-back.ts';
import { hearing } from './hearing.ts';
import { siftBodies } from './integrity.ts';
import { join } from './join.ts';
import { sliceByBodies, type Wire } from './large-bodies.ts';
import { readManifest } from './manifest.ts';
import { call } from './request.ts';

const MANIFEST_PAGE = 2000;
const FETCH_BATCH = 100;

/** Gives null when it is done, or what prevented it. */
export async function reconcile(store: SyncStore, wire: Wire, accountId: AccountId): Promise<Result<SyncError | null, KvError>> {
  const transport = hearing(wire);
  // Sent rows of the old life first: their answers will never come from this one.
  const begun = await store.beginReconcile();
  if (!begun.ok) return begun;

  const known = new Set<string>();
  const nextPage = readManifest(transport, accountId, MANIFEST_PAGE);
  let first: ManifestAnswer | null = null;
  for (;;) {
    const page = await nextPage();
    if (!page.ok) return ok(page.error);
    if (!page.value) break;
    if (!first) {
      first = page.value;
      const heard = await store.hear(first.now);
      if (!heard.ok) return heard;
    }
    if (page.value.epoch !== first.epoch) return ok({ type: 'ReconcileNeeded', epoch: page.value.epoch });
    for (const { kind, id } of page.value.entries) known.add(keyText({ kind, id }));
    const differing = await store.differing(page.value.entries);
    if (!differing.ok) return differing;
    const merged = await mergeDiffering(store, transport, accountId, differing.value, known);
    if (!merged.ok || merged.value !== null) return merged;
  }

  if (!first) return ok({ type: 'Network', reason: 'no manifest' });
  const offered = await offerAbsent(store, transport, accountId, known);
  if (!offered.ok || offered.value !== null) return offered;
  // What the account gained while the pages came is pulled from the first page's position on. What was merged may be of later:
  // a server that is put back to before that is found out by the furthest position.
  const ended = await store.endReconcile(first.epoch, first.seq, transport.seen());
  return ended.ok ? ok(null) : ended;
}

/** What the server does not have at all is given back as it was; what cannot be is queued. */
async function offerAbsent(
  store: SyncStore,
  transport: Wire,
  accountId: AccountId,
  known: Set<string>,
): Promise<Result<SyncError | null, KvError>> {
  let after: KeyPair | null = null;
  for (;;) {
    const page: Result<AbsentPage, KvError> = await store.absent(known, after);
    if (!page.ok) return page;
    const { keys, next } = page.value;
    const heads = keys.map(([kind, id]) => ({ kind, id, version: null, seq: 0 }));
    const returned = await giveBack(store, transport, accountId, heads);
    if (!returned.ok) return returned;
    if (!returned.value.ok) return ok(returned.value.error);
    const { given, waiting, moved } = returned.value.value;
    for (const name of [...given, ...waiting]) known.add(name);
    // Another device was faster.
    for (const { kind, id } of moved) known.add(keyText({ kind, id }));
    const merged = await mergeDiffering(store, transport, accountId, moved, known);
    if (!merged.ok || merged.value !== null) return merged;
    if (!next) break;
    after = next;
  }
  const requeued = await store.requeueAbsent(known);
  return requeued.ok ? ok(null) : requeued;
}

async function mergeDiffering(
  store: SyncStore,
  transport: Wire,
  accountId: AccountId,
  entries: readonly ManifestEntry[],
  known: Set<string>,
): Promise<Result<SyncError | null, KvError>> {
  // Each is joined once: a server whose answers do not fit together is not asked forever.
  const joined = new Set<string>();
  let waiting = entries;
  while (waiting.length > 0) {
    const returned = await giveBack(store, transport, accountId, waiting.slice(0, FETCH_BATCH));
    if (!returned.ok) return returned;
    if (!returned.value.ok) return ok(returned.value.error);
    const { given, waiting: left, moved } = returned.value.value;
    const isDone = (entry: ManifestEntry) => given.has(keyText(entry)) || left.has(keyText(entry));
    const current = new Map(moved.map((entry) => [keyText(entry), entry]));
    waiting = waiting.filter((entry) => !isDone(entry)).map((entry) => current.get(keyText(entry)) ?? entry);
    const batch = waiting.slice(0, FETCH_BATCH - given.size - left.size);
    if (batch.length === 0) continue;
    const keys = batch.map(({ kind, id }) => [kind, id]);
    const keyNames = new Set(batch.map(({ kind, id }) => keyText({ kind, id })));
    const body = { protocol: PROTOCOL, epoch: null, seen: null, keys, limit: FETCH_BATCH, maxBytes: 4_000_000 };
    const answer = await call(transport, { method: 'POST', path: paths.pull(accountId), body }, pullAnswerSchema);
    if (!answer.ok) return ok(answer.error);
    const [changes = []] = sliceByBodies(answer.value.changes);
    const sifted = await siftBodies(transport, changes, answer.value.damaged);
    if (!sifted.ok) return ok(sifted.error);
    const { sound, damaged } = sifted.value;
    const noted = await store.noteDamaged(damaged);
    if (!noted.ok) return noted;
    const fetched = new Map(sound.map((entity) => [keyText(entity), entity]));
    // What cannot be compared is offered like what the server does not have, and merged with a whole copy once there is one.
    const lost = new Set(damaged.map(({ kind, id }) => keyText({ kind, id })).filter((name) => keyNames.has(name)));
    for (const name of lost) known.delete(name);
    const movedOn: ManifestEntry[] = [];
    for (const entry of batch) {
      const remote = fetched.get(keyText(entry));
      if (!remote) continue;
      const compared = await compareOne(store, transport, accountId, entry, remote, joined);
      if (!compared.ok) return compared;
      if (!compared.value.ok) return ok(compared.value.error);
      movedOn.push(...compared.value.value);
    }
    // The answer may end early at its byte limit; what it left out is asked for again.
    const rest = waiting.filter(({ kind, id }) => !fetched.has(keyText({ kind, id })) && !lost.has(keyText({ kind, id })));
    if (rest.length === waiting.length) return ok({ type: 'Network', reason: 'a pull that leaves out entities' });
    waiting = [...rest, ...movedOn];
  }
  return ok(null);
}

/** Compares one entity with what the server has of it. Gives what has moved on there meanwhile, to be compared again. */
async function compareOne(
  store: SyncStore,
  transport: Wire,
  accountId: AccountId,
  entry: ManifestEntry,
  remote: RemoteEntity,
  joined: Set<string>,
): Promise<Result<Result<readonly ManifestEntry[], SyncError>, KvError>> {
  const past = await findPast(store, transport, accountId, entry, remote);
  if (!past.ok) return ok(past);
  if (past.value.type === 'moved') return ok(ok([past.value.entry]));
  const { common, ancestors } = past.value;
  if (past.value.isUnrelated) {
    const { kind, id, version, seq } = remote;
    const again = await giveBack(store, transport, accountId, [{ kind, id, version, seq, remote }]);
    if (!again.ok) return again;
    if (!again.value.ok) return ok(again.value);
    const { given, waiting, moved } = again.value.value;
    if (given.size + waiting.size + moved.length > 0) return ok(ok(moved));
  }
  const later = remote.version === entry.version ? [] : [entry.version];
  const lineage = [...ancestors, ...entry.lineage, ...later];
  if (common && !joined.has(keyText(entry))) {
    joined.add(keyText(entry));
    const next = await join(store, transport, accountId, remote, lineage, common);
    if (!next.ok) return next;
    if (!next.value.ok) return ok(next.value);
    if (next.value.value === 'waits') return ok(ok([]));
    if (next.value.value) return ok(ok([next.value.value]));
  }
  const merged = await store.reconcile(remote, lineage, common);
  return merged.ok ? ok(ok([])) : merged;
}
