/** Which files may leave this device to make room: pure, and the only place that decides it. */
import type { BlobHash } from '#core/blobs.ts';
import type { BlobRow } from '#store/schema/blob-rows.ts';

const DAY_MS = 24 * 3_600_000;
/** Nobody here has opened it for long. */
export const LONG_UNUSED_MS = 30 * DAY_MS;
/** What was used since may be on a screen still: uses are noted to the day (`read-blob.ts`), so this is one day at least. */
export const IN_USE_MS = 2 * DAY_MS;

export interface LeavingLimits {
  readonly nowMs: number;
  /** For how long nobody must have used it; `IN_USE_MS` at least. */
  readonly unusedMs: number;
}

/** Whether the bytes of a row may go: they are here, the server has them, and nobody has used them for `unusedMs`. */
export const mayLeave = (row: BlobRow, { nowMs, unusedMs }: LeavingLimits): boolean =>
  row.at !== null && row.sent && nowMs - row.usedAt > Math.max(unusedMs, IN_USE_MS);

/** Those of the rows that may go, the ones used longest ago first. `shared`: what the server keeps because a version that it has names it. */
export const chooseLeaving = (
  rows: readonly BlobRow[],
  shared: ReadonlySet<BlobHash>,
  limits: LeavingLimits,
): readonly BlobRow[] => rows.filter((row) => mayLeave(row, limits) && shared.has(row.hash)).sort((a, b) => a.usedAt - b.usedAt);
