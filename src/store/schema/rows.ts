import { isPlausible, isSuspectStamp, parseStamp, rankStamp, type Stamp, ZERO_STAMP } from '#core/clock.ts';
import { BINNED_AT, type Body, type EntityDeclaration, type Fields, type Ledger, type Stamps, viewFields } from '#core/entity.ts';
import type { OpId } from '#core/ids.ts';
import type { Json } from '#core/json.ts';
import { MAX_LINEAGE } from '#core/lineage.ts';
import { laterStamp } from '#core/merge/merge.ts';
import type { EntityView } from '#store/store.ts';
import type { CountersRow, SyncRow } from './meta-rows.ts';
import { type BaseRow, BINNED, type EntityRow, LIVE, type Lifecycle, PURGED } from './schema.ts';

export const EMPTY_BODY: Body = { fields: {}, stamps: {} };

export const INITIAL_COUNTERS: CountersRow = { key: 'state', localSeq: 0, clock: ZERO_STAMP, bytes: 0, lastSavedAt: null };

export const INITIAL_SYNC: SyncRow = {
  key: 'sync',
  epoch: null,
  cursor: 0,
  seen: null,
  lastSyncedAt: null,
  lastPushedAt: null,
  reconciling: false,
  failure: null,
};

/** Of a row that no server knows and no save has made yet. */
export const NEW_ROW = {
  version: null,
  rev: 0,
  seq: 0,
  acceptedAt: null,
  lineage: [],
  localSeq: 0,
  queued: null,
  sent: null,
} as const;

export const bodyOf = ({ fields, stamps }: Body): Body => ({ fields, stamps });

/** The row as what a change that begins now is built on. */
export const baseOf = ({ kind, id, v, fields, stamps, place }: EntityRow, version: OpId): BaseRow => ({
  kind,
  id,
  version,
  v,
  fields,
  stamps,
  deleted: place === PURGED,
  // Nothing is unsent: the row is this version, whatever it was made of.
  containsEarlier: true,
});

/** Whether the version that the row is built on is one that the server has lost and did not take back. */
export const isUnreturned = ({ unreturned, version }: EntityRow): boolean => unreturned !== undefined && unreturned === version;

/** The latest stamp of a body. */
export function latestStamp(stamps: Stamps): Stamp {
  return Object.values(stamps).reduce(laterStamp, ZERO_STAMP);
}

/**
 * The stamps of a row that a change is about to be made to. One that its device made while its clock was ahead is known to be
 * wrong once the server has taken it: it becomes the time of acceptance, as it ranks everywhere, so that no later acceptance
 * of the entity makes it any newer. What the server has not taken stays: its own acceptance is still to come.
 */
export function acceptedStamps(stamps: Stamps, row: EntityRow | undefined): Stamps {
  if (!row || row.acceptedAt === null || row.queued !== null || row.sent !== null) return stamps;
  return rankedStamps(stamps, row.acceptedAt);
}

/** Every stamp as it ranks, accepted at `acceptedAt`; the same object where none is wrong. */
export function rankedStamps(stamps: Stamps, acceptedAt: number): Stamps {
  if (!isPlausible(acceptedAt) || !Object.values(stamps).some((stamp) => isSuspectStamp(stamp, acceptedAt))) return stamps;
  return Object.fromEntries(Object.entries(stamps).map(([field, stamp]) => [field, rankStamp(stamp, acceptedAt)]));
}

/** Bytes that a body takes, near enough for the byte account: two per UTF-16 code unit, eight per number. */
export function estimateBytes(value: Json | Stamps): number {
  if (typeof value === 'string') return value.length * 2;
  if (value === null || typeof value !== 'object') return 8;
  let bytes = 16;
  for (const [key, member] of Object.entries(value)) bytes += key.length * 2 + estimateBytes(member as Json);
  return bytes;
}

/** In front of the `sort` of a pinned row: behind every stamp, so that pinned ones come first in a list of the newest. */
const PINNED = '~';

/** The columns of a row that follow from its content. */
export function indexColumns(
  declaration: EntityDeclaration | undefined,
  row: { readonly id: string; readonly fields: Fields; readonly stamps: Stamps; readonly lastUpdated: Stamp },
  deleted: boolean,
): { readonly place: Lifecycle; readonly parent: string | null; readonly sort: string } {
  const place = deleted ? PURGED : row.fields[BINNED_AT] == null ? LIVE : BINNED;
  const parentField = declaration?.parent?.field;
  // Children are in the order in which they were made; a UUIDv7 sorts by that.
  if (parentField !== undefined) {
    const parent = row.fields[parentField];
    return { place, parent: typeof parent === 'string' ? parent : null, sort: row.id };
  }
  const pinField = declaration?.document?.pinField;
  const isPinned = place === LIVE && pinField !== undefined && row.fields[pinField] === true;
  return { place, parent: null, sort: (isPinned ? PINNED : '') + editedStamp(declaration, row) };
}

/** The last change that counts as an edit (`FieldDeclaration.noEdit`); the last of all where none does. */
function editedStamp(
  declaration: EntityDeclaration | undefined,
  { stamps, lastUpdated }: { readonly stamps: Stamps; readonly lastUpdated: Stamp },
): Stamp {
  const edits = Object.keys(stamps).filter((field) => !declaration?.fields[field]?.noEdit);
  const latest = edits.map((field) => stamps[field] ?? ZERO_STAMP).reduce(laterStamp, ZERO_STAMP);
  return edits.length > 0 && latest < lastUpdated ? latest : lastUpdated;
}

/** Wall time in ms of the last edit, as the row's place in a list says it. Rows of older versions count every change. */
const editedMs = (declaration: EntityDeclaration | undefined, { sort, lastUpdated }: EntityRow): number =>
  parseStamp(declaration?.parent ? lastUpdated : sort.slice(sort.startsWith(PINNED) ? PINNED.length : 0)).ms;

/** `lineage` with `versions` at its end, each once, trimmed to the newest `MAX_LINEAGE`. */
export function extendLineage(lineage: readonly OpId[], ...versions: readonly (OpId | null)[]): readonly string[] {
  return lengthenLineage(lineage, ...versions).slice(-MAX_LINEAGE);
}

/** `lineage` with `versions` at its end, each once. What it has no room for is put away with the row (`withOlder`). */
export function lengthenLineage(lineage: readonly OpId[], ...versions: readonly (OpId | null)[]): readonly string[] {
  const added = versions.filter((version) => version !== null);
  return [...lineage.filter((version) => !added.includes(version)), ...new Set(added)];
}

export function toView(ledger: Ledger, row: EntityRow): EntityView {
  const declaration = ledger.get(row.kind);
  return {
    kind: row.kind,
    id: row.id,
    fields: viewFields(declaration, row.v, row.fields),
    updatedAt: editedMs(declaration, row),
    localSeq: row.localSeq,
    lifecycle: row.place === LIVE ? 'live' : row.place === BINNED ? 'binned' : 'purged',
    readOnly: isReadOnly(declaration, row),
    pending: row.queued !== null || row.sent !== null,
  };
}

/** Whether the deletion guard counts a kind: what has its own place in a list. Children follow their parent, logs are nobody's work. */
export const isTopLevel = (declaration: EntityDeclaration | undefined): boolean =>
  !declaration?.parent && !declaration?.appendOnly && (declaration?.scope ?? 'synced') === 'synced';

export function isReadOnly(declaration: EntityDeclaration | undefined, row: EntityRow): boolean {
  return declaration === undefined || row.v > declaration.version || row.raw !== undefined;
}
