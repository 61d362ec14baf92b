import type { BlobFailure } from '#core/blob-queue.ts';
import type { Ledger } from '#core/entity.ts';
import { keyText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { asDeletions, DELETIONS } from '#store/draft/held-deletions.ts';
import { asWay, BLOB_WAY } from '#store/schema/blob-way.ts';
import { isSending } from '#store/schema/bulk-mark.ts';
import { asCounters, asSync, COUNTERS, type StoreContext, SYNC } from '#store/schema/context.ts';
import type { CountersRow, DeletionsRow } from '#store/schema/meta-rows.ts';
import { HIGH, LIVE, type OutboxRow, outboxIn } from '#store/schema/schema.ts';
import type { FilesHeldUp, StoreSummary } from '#store/store.ts';

/** More entities than this are not under edit at once: some of them are due. */
const UNDER_EDIT = 8;
/** So many rows of each state are counted by the documents that they belong to. */
const LOOKED_AT = 200;

/** So many files are added up. */
const FILES = 1000;

const earliest = (rows: readonly OutboxRow[]): number | null =>
  rows.length > 0 ? Math.min(...rows.map(({ holdUntil }) => holdUntil)) : null;

const heldOf = ({ held, heldSince }: DeletionsRow, own: number, ownSince: number | null): StoreSummary['heldDeletions'] => ({
  count: held + own,
  since: Math.min(held > 0 ? heldSince : Infinity, ownSince ?? Infinity),
});

/** How many documents `rows` belong to; of the rows beyond them, to `total`, each counts by itself. */
export function countChanges(ledger: Ledger, rows: readonly OutboxRow[], total: number): number {
  const documents = new Set<string>();
  let parts = 0;
  for (const { kind, id, parent } of rows) {
    const declaration = ledger.get(kind);
    if (declaration?.counts === 'part') parts += 1;
    if (declaration?.counts === undefined)
      documents.add(parent !== undefined && declaration?.parent ? `${declaration.parent.kind}/${parent}` : keyText({ kind, id }));
  }
  const rest = total - rows.length;
  return documents.size + rest || Math.min(parts, 1);
}

/** The numbers of the status bar, in one transaction. */
export async function readSummary({ kv, ledger }: StoreContext): Promise<Result<StoreSummary, KvError>> {
  const states = ['queued', 'sent', 'parked', 'held'] as const;
  const result = await kv.read({
    state: COUNTERS,
    sync: SYNC,
    deletions: DELETIONS,
    queued: { count: 'outbox', ...outboxIn('queued') },
    sent: { count: 'outbox', ...outboxIn('sent') },
    parked: { count: 'outbox', ...outboxIn('parked') },
    held: { count: 'outbox', ...outboxIn('held') },
    ...Object.fromEntries(states.map((state) => [`first-${state}`, { list: 'outbox', ...outboxIn(state), limit: LOOKED_AT }])),
    quarantined: { count: 'quarantine' },
    waitingFiles: { count: 'blobs', index: 'byWaiting' },
    refusedFiles: { count: 'blobs', index: 'byWaiting', lower: [2] },
    way: BLOB_WAY,
    fileRows: { list: 'blobs', index: 'byWaiting', limit: FILES },
    conflicts: { list: 'entities', index: 'byPlace', lower: ['conflict', LIVE], upper: ['conflict', LIVE, HIGH], limit: 200 },
  } as const);
  if (!result.ok) return result;
  const { state, sync, deletions, queued, sent, parked, held, quarantined, conflicts, ...others } = result.value;
  const { waitingFiles, refusedFiles, fileRows, way, ...firsts } = others;
  const rows = firsts as unknown as { readonly [name: string]: readonly OutboxRow[] };
  const oldest = (...of: readonly (typeof states)[number][]): number | null => {
    const ages = of.flatMap((state) => rows[`first-${state}`]?.map(({ queuedAt }) => queuedAt) ?? []);
    return ages.length > 0 ? Math.min(...ages) : null;
  };
  const stateRow: CountersRow = asCounters(state);
  const syncRow = asSync(sync);
  const missing = syncRow.damaged ?? [];
  const summary: StoreSummary = {
    localSeq: stateRow.localSeq,
    pending: queued + sent + parked + held,
    changes: countChanges(ledger, Object.values(rows).flat(), queued + sent + parked + held),
    awaitingPerson: parked + held,
    quarantined,
    dueAt: queued > UNDER_EDIT ? 0 : earliest((rows['first-queued'] ?? []).filter((row) => !isSending(row, stateRow))),
    oldestPendingAt: oldest('queued', 'sent'),
    oldestQuarantinedAt: oldest('parked'),
    lastSavedAt: stateRow.lastSavedAt,
    lastSyncedAt: syncRow.lastSyncedAt,
    lastPushedAt: syncRow.lastPushedAt,
    openConflicts: conflicts.filter(({ fields }) => (fields.resolution ?? 'open') === 'open').length,
    heldDeletions: heldOf(asDeletions(deletions), held, oldest('held')),
    damaged: missing.filter(({ withheld }) => !withheld).length,
    withheld: missing.filter(({ withheld }) => withheld).length,
    files: {
      waiting: waitingFiles,
      bytes: fileRows.reduce((sum, { size }) => sum + size, 0),
      refused: refusedFiles,
      ...(waitingFiles > refusedFiles && heldUpBy(asWay(way).failure)),
    },
    cursor: syncRow.cursor,
    bytes: stateRow.bytes,
    failure: syncRow.failure,
  };
  return ok(summary);
}

/** One failure is over in a moment more often than not: nothing is said of it. */
function heldUpBy(failure: BlobFailure | null): { readonly heldUp?: FilesHeldUp } {
  if (!failure?.error || failure.since === undefined || failure.attempts <= 1) return {};
  return { heldUp: { ...failure, error: failure.error, since: failure.since } };
}
