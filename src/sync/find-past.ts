/** What a merge has to know of the two pasts, where lineages alone do not say it. */
import type { SyncError } from '#core/errors.ts';
import type { AccountId, OpId } from '#core/ids.ts';
import { tailOf, tailsIn } from '#core/lineage.ts';
import { paths } from '#core/paths.ts';
import {
  type HistoryAnswer,
  historyAnswerSchema,
  type ManifestEntry,
  pullAnswerSchema,
  type RemoteEntity,
} from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { ok, type Result } from '#core/result.ts';
import type { SyncStore } from '#core/sync-store.ts';
import { siftBodies } from './integrity.ts';
import type { Wire } from './large-bodies.ts';
import { call } from './request.ts';

export type Past =
  | {
      readonly type: 'past';
      /** The body of the nearest version that both sides know, where a merge needs one and the server still has it. */
      readonly common: RemoteEntity | null;
      /** Ancestors of the server's version beyond those that it has named. */
      readonly ancestors: readonly OpId[];
      /** Nothing says how the two are related. */
      readonly isUnrelated?: true;
    }
  /** The server has gone on since `remote` was pulled: what it says now is of another version. */
  | { readonly type: 'moved'; readonly entry: ManifestEntry };

const NO_PAST = { type: 'past', common: null, ancestors: [] } as const satisfies Past;

/**
 * What the server has more of than `entry`, where `remote` was committed after that, is unknown: the entry is then read again.
 *
 * The device may have been away for long, or have a version that the server has lost: the server's version then descends from it
 * without naming it. Whether the log has it in its place is asked like any other question about the past, and what was said
 * of lost versions comes with the history.
 */
export async function findPast(
  store: SyncStore,
  transport: Wire,
  accountId: AccountId,
  entry: ManifestEntry,
  remote: RemoteEntity,
): Promise<Result<Past, SyncError>> {
  const { kind, id } = entry;
  const askHistory = () => call(transport, { method: 'GET', path: paths.history(accountId, kind, id) }, historyAnswerSchema);
  if (remote.version !== entry.version) {
    const answer = await askHistory();
    if (!answer.ok) return answer;
    const moved = movedOn(entry, remote.seq, answer.value);
    if (moved) return ok({ type: 'moved', entry: moved });
  }
  const shared = await store.shared(entry);
  if (!shared.ok || shared.value === null) return ok(NO_PAST);
  const { last, common } = shared.value;
  if (last && common === null && last.seq < entry.seq) {
    const body = { protocol: PROTOCOL, epoch: null, seen: last, keys: [[kind, id]], limit: 1, maxBytes: 1 };
    const answer = await call(transport, { method: 'POST', path: paths.pull(accountId), body }, pullAnswerSchema);
    if (answer.ok) return ok({ type: 'past', common: null, ancestors: [last.opId] });
    if (answer.error.type !== 'ReconcileNeeded') return answer;
  }
  if (!last && common === null) return ok(NO_PAST);
  const answer = await askHistory();
  if (!answer.ok) return answer;
  const moved = movedOn(entry, remote.seq + 1, answer.value);
  if (moved) return ok({ type: 'moved', entry: moved });
  const { versions, contains = '' } = answer.value;
  if (last && tailsIn(contains).includes(tailOf(last.opId))) return ok({ type: 'past', common: null, ancestors: [last.opId] });
  if (common === null) return ok({ ...NO_PAST, isUnrelated: true });
  const nearest = await siftBodies(
    transport,
    versions.filter(({ version }) => version === common),
  );
  return nearest.ok ? ok({ type: 'past', common: nearest.value.sound[0] ?? null, ancestors: [] }) : nearest;
}

/** The entity as the history shows it, where that is at `seq` or later. */
function movedOn(entry: ManifestEntry, seq: number, { versions }: HistoryAnswer): ManifestEntry | null {
  const head = versions[0];
  if (!head || head.seq < seq) return null;
  const lineage = versions.slice(1).map(({ version }) => version);
  return { ...entry, version: head.version, hash: head.hash, deleted: head.deleted, seq: head.seq, lineage: lineage.reverse() };
}
