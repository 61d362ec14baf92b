/**
 * What becomes of an entity when a version of the server meets the row of this device: a pure decision, made outside
 * of any transaction. Lineage decides first, content second:
 *
 * - the server's version is contained in the row (it is in the row's lineage): the row goes on, built on it;
 * - the row has nothing unsent: fast-forward to the server's version;
 * - otherwise the two are merged with what both were built on, and what is not yet on the server waits in the outbox.
 *
 * A content edit beats a tombstone, whoever made it.
 */

import type { Stamp } from '#core/clock.ts';
import { BINNED_AT, type Body, type EntityDeclaration, migrateBody } from '#core/entity.ts';
import type { DeviceId, OpId } from '#core/ids.ts';
import { equalJson } from '#core/json.ts';
import { type ConflictPolicy, laterStamp, type MergeConflict, type MergeOutcome, merge3 } from '#core/merge/merge.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { type Ancestors, lostSince, movedLost, newAncestors } from '#store/schema/ancestors.ts';
import { foreignBase, type MergeBase } from '#store/schema/bring-base.ts';
import {
  bodyOf,
  EMPTY_BODY,
  estimateBytes,
  indexColumns,
  latestStamp,
  lengthenLineage,
  rankedStamps,
} from '#store/schema/rows.ts';
import { type BaseRow, type EntityRow, PURGED } from '#store/schema/schema.ts';

export interface Remote {
  readonly entity: RemoteEntity;
  /** The decoded body; the empty one for a tombstone. */
  readonly body: Body;
  /** Ancestors of the version, where the answer named them. */
  readonly lineage: readonly OpId[];
}

export interface AbsorbInput {
  readonly row: EntityRow | undefined;
  readonly base: BaseRow | undefined;
  readonly remote: Remote;
  /**
   * In a reconcile nothing vouches for a common past: `base` counts only if the server knows its version. `common` is
   * then the nearest body that both share, or null.
   */
  readonly reconcile: { readonly common: MergeBase | null } | null;
  /** What this tombstone would take is kept: by the person's word, or because a child outlives it. */
  readonly keep?: boolean;
  readonly declaration: EntityDeclaration | undefined;
  readonly policy: ConflictPolicy;
  /** This device, and its idea of the server's time, for ranking stamps that the server has not yet accepted. */
  readonly deviceId: DeviceId;
  readonly serverNow: number;
  /** In a reconcile: what is contained in the row, beyond its lineage, too. */
  readonly ancestors?: Ancestors;
}

export interface Absorbed {
  /** The row to write; its `localSeq`, `queued`, `sent` and `saves` are the writer's. */
  readonly row: EntityRow;
  /** What the row is now built on, where something waits in the outbox; null otherwise. */
  readonly base: BaseRow | null;
  /** Whether the row holds something that the server has not. */
  readonly pending: boolean;
  /** Whether the content changed, or only what is known of the server. */
  readonly changed: boolean;
  readonly outcomes: readonly MergeOutcome[];
  readonly conflicts: readonly MergeConflict[];
}

export function absorb(input: AbsorbInput): Absorbed {
  const { row, remote, reconcile } = input;
  if (!row && input.keep && remote.entity.deleted) return beginAgain(input);
  if (!row) return { ...quiet, row: adopt(input, firstLineage(input)), base: null, pending: false, changed: true };
  const dirty = row.queued !== null || row.sent !== null;
  // What an earlier app could not read, and this one can.
  if (row.version === remote.entity.version && row.raw !== undefined && !dirty) return fastForward(input, row);
  if (row.version === remote.entity.version)
    return { ...quiet, ...keepRow(input, row), base: input.base ?? null, pending: dirty };
  const isContained = row.lineage.includes(remote.entity.version) || input.ancestors?.has(remote.entity.version);
  if (isContained) return rebase(input, row);
  const forward = isForward(input, row);
  if (input.keep && remote.entity.deleted && !isPurged(row)) return keepAgainst(input, row);
  if (!dirty && forward) return fastForward(input, row);
  return merge(input, row, reconcile?.common ?? broughtBase(input, row) ?? (forward ? mergeBaseOf(input) : null));
}

/**
 * Whether the two would have to be merged, and one of them is of a version that this app does not know: it could not be taken
 * there whole, and a field that a migration moves would be in two places afterwards. The row then waits as it is for the update.
 */
export function mustWait(input: AbsorbInput): boolean {
  const { row, remote, declaration, ancestors } = input;
  if (!row || !declaration || isPurged(row) || remote.entity.deleted) return false;
  if (Math.max(row.v, remote.entity.v) <= declaration.version || row.v === remote.entity.v) return false;
  const { version } = remote.entity;
  if (row.version === version || row.lineage.includes(version) || ancestors?.has(version)) return false;
  return row.queued !== null || row.sent !== null || !isForward(input, row);
}

const quiet = { outcomes: [], conflicts: [] } as const;

const isPurged = (row: EntityRow): boolean => row.place === PURGED;

/** The row that the server's version makes by itself. */
function adopt({ row, remote: { entity, body }, declaration }: AbsorbInput, lineage: readonly OpId[]): EntityRow {
  return {
    kind: entity.kind,
    id: entity.id,
    v: entity.v,
    fields: body.fields,
    stamps: body.stamps,
    version: entity.version,
    rev: entity.rev,
    seq: entity.seq,
    acceptedAt: entity.acceptedAt,
    lineage: lengthenLineage(lineage, entity.version),
    lastUpdated: entity.lastUpdated,
    deviceId: entity.deviceId,
    localSeq: row?.localSeq ?? 0,
    saves: row?.saves ?? [],
    queued: row?.queued ?? null,
    sent: row?.sent ?? null,
    bytes: estimateBytes(body.fields) + estimateBytes(body.stamps),
    snapshotAt: row?.snapshotAt ?? 0,
    ...(row?.brought === undefined ? {} : { brought: row.brought }),
    // What the row contained is contained in whatever goes on from it.
    ...(row?.older === undefined ? {} : { older: row.older }),
    ...(row?.chunks === undefined ? {} : { chunks: row.chunks }),
    ...indexColumns(declaration, { id: entity.id, ...body, lastUpdated: entity.lastUpdated }, entity.deleted),
  };
}

/** Ancestors of what this device has never had. */
const firstLineage = ({ remote: { entity, lineage } }: AbsorbInput): readonly OpId[] =>
  lengthenLineage(newAncestors(entity, { lineage }), ...lineage);

/**
 * The row's lineage and the version's, in this order: `ancestors` are those of the version that are known by their whole ids.
 * Where the version descends from the row's, what was sent since and not taken stays behind it: that is in the row alone.
 */
function joinedLineage(input: AbsorbInput, row: EntityRow, ancestors: readonly OpId[] = []): readonly OpId[] {
  const { entity } = input.remote;
  const { lineage, older, version } = row;
  const at = isForward(input, row) && version !== null ? lineage.indexOf(version) : -1;
  const unsent = at < 0 ? [] : lineage.slice(at + 1);
  const before = at < 0 ? lengthenLineage(lineage, version) : lineage.slice(0, at + 1);
  const isNew = (one: OpId): boolean => !lineage.includes(one) && !input.ancestors?.has(one);
  const added = ancestors.filter(isNew);
  const known = { lineage: [...before, ...unsent, ...added], ...(older === undefined ? {} : { older }) };
  return lengthenLineage(before, ...newAncestors(entity, known, input.ancestors), ...added, entity.version, ...unsent);
}

/** Whether the server's version is known to descend from the row's: always, but in a reconcile. */
const isForward = ({ reconcile, remote }: AbsorbInput, { version }: EntityRow): boolean =>
  reconcile === null || (version !== null && remote.lineage.includes(version));

const asBase = ({ entity, body }: Remote): BaseRow => ({
  kind: entity.kind,
  id: entity.id,
  version: entity.version,
  v: entity.v,
  fields: body.fields,
  stamps: body.stamps,
  deleted: entity.deleted,
});

/** The same content, with the server's version as what is known of the server. */
function keepRow(input: AbsorbInput, row: EntityRow): { readonly row: EntityRow; readonly changed: false } {
  const { version, rev, seq, acceptedAt } = input.remote.entity;
  return {
    row: {
      ...row,
      version,
      rev,
      seq,
      acceptedAt,
      lineage: joinedLineage(input, row),
      ...movedLost(row, row.version, version),
    },
    changed: false,
  };
}

function fastForward(input: AbsorbInput, row: EntityRow): Absorbed {
  const lineage = joinedLineage(input, row, input.remote.lineage.slice(-3));
  return { ...quiet, row: adopt(input, lineage), base: null, pending: false, changed: true };
}

/** What was deleted before this device ever had it, and must be here: it begins again without content, built on the tombstone. */
function beginAgain(input: AbsorbInput): Absorbed {
  const { declaration, deviceId, remote } = input;
  const row = { ...adopt(input, firstLineage(input)), deviceId };
  const columns = indexColumns(declaration, row, false);
  return { ...quiet, row: { ...row, ...columns }, base: asBase(remote), pending: true, changed: true };
}

/** The row wins against a tombstone: it is offered again, built on it. */
function keepAgainst(input: AbsorbInput, row: EntityRow): Absorbed {
  return { ...quiet, ...keepRow(input, row), base: asBase(input.remote), pending: true };
}

/** The server holds an ancestor of the row: the row is what it should hold next. */
function rebase(input: AbsorbInput, row: EntityRow): Absorbed {
  const { remote } = input;
  // Stamps count: a row that differs from the server in them alone would differ in its hash forever.
  const same =
    isPurged(row) === remote.entity.deleted &&
    equalJson(row.fields, remote.body.fields) &&
    equalJson(row.stamps, remote.body.stamps);
  const kept = keepRow(input, row);
  if (same) return { ...quiet, ...kept, base: null, pending: false };
  // The ancestor goes to its old place: what the server has now is older than the rest of the lineage.
  const { lineage } = row;
  const lost = lostSince(input.ancestors, remote.entity.version);
  return { ...quiet, row: { ...kept.row, lineage, ...lost }, changed: false, base: asBase(remote), pending: true };
}

/** What the row was built on; null where it was new. */
function mergeBaseOf({ base }: AbsorbInput): MergeBase | null {
  return base && !base.foreign ? { v: base.v, body: bodyOf(base) } : null;
}

/** For a row of another account that has met no version of this one yet; null for every other. */
function broughtBase({ base, remote }: AbsorbInput, { v, version, brought }: EntityRow): MergeBase | null {
  return version === null && brought !== undefined ? foreignBase(v, base, remote.body) : null;
}

function merge(input: AbsorbInput, row: EntityRow, base: MergeBase | null): Absorbed {
  const { remote } = input;
  if (isPurged(row) || remote.entity.deleted) return mergeTombstone(input, row, base);
  const v = Math.max(row.v, remote.entity.v);
  const level = (from: number, body: Body): Body => atVersion(input.declaration, from, v, body);
  const merged = merge3({
    base: base && level(base.v, base.body),
    mine: { body: level(row.v, row), deviceId: input.deviceId, acceptedAt: input.serverNow },
    theirs: { body: level(remote.entity.v, remote.body), deviceId: remote.entity.deviceId, acceptedAt: remote.entity.acceptedAt },
    declaration: input.declaration,
    policy: input.policy,
  });
  const { outcomes, conflicts } = merged;
  const lineage = joinedLineage(input, row, remote.lineage);
  if (equalJson(merged.body.fields, remote.body.fields) && v === remote.entity.v) {
    return { row: adopt(input, lineage), base: null, pending: false, changed: true, outcomes, conflicts };
  }
  const lastUpdated = laterStamp(row.lastUpdated, remote.entity.lastUpdated);
  // What was stamped by a wrong clock goes on as it ranks: its next acceptance would make it newer than it is.
  const ranked = rankedStamps(remote.body.stamps, remote.entity.acceptedAt);
  const stamps = Object.entries(merged.body.stamps).map(([field, stamp]) => [
    field,
    stamp === remote.body.stamps[field] ? (ranked[field] ?? stamp) : stamp,
  ]);
  const body: Body = { fields: merged.body.fields, stamps: Object.fromEntries(stamps) };
  const forward = isForward(input, row);
  const mergedRow: EntityRow = {
    ...keepRow(input, row).row,
    ...(forward ? {} : lostAgainst(input)),
    v,
    fields: body.fields,
    stamps: body.stamps,
    lineage,
    lastUpdated,
    bytes: estimateBytes(body.fields) + estimateBytes(body.stamps),
    ...indexColumns(input.declaration, { id: row.id, ...body, lastUpdated }, false),
  };
  return {
    row: mergedRow,
    base: { ...asBase(remote), ...(forward && input.base?.containsEarlier ? { containsEarlier: true } : {}) },
    pending: true,
    changed: !equalJson(body.fields, row.fields),
    outcomes,
    conflicts,
  };
}

/** The merged row contains what the server has lost, and says so with its next op. */
function lostAgainst({ remote: { entity, lineage }, ancestors }: AbsorbInput): Pick<EntityRow, 'lost'> {
  const common = lineage.findLast((one) => ancestors?.has(one)) ?? null;
  const { lost } = lostSince(ancestors, common);
  return lost ? { lost: { ...lost, against: entity.version } } : {};
}

function mergeTombstone(input: AbsorbInput, row: EntityRow, base: MergeBase | null): Absorbed {
  const { remote } = input;
  const lineage = joinedLineage(input, row);
  const adopted: Absorbed = { ...quiet, row: adopt(input, lineage), base: null, pending: false, changed: true };
  if (isPurged(row) && remote.entity.deleted) return { ...adopted, changed: false };
  const survivor = isPurged(row) ? remote.body : bodyOf(row);
  const [lived, died] = isPurged(row) ? [remote.entity, row] : [row, remote.entity];
  const isBack = wasBroughtBack(survivor, lived.lastUpdated) && lived.lastUpdated > died.lastUpdated;
  const edited = isBack || base === null || !equalJson(contentOf(base.body), contentOf(survivor));
  const winner = isPurged(row) === edited ? 'theirs' : 'mine';
  const outcomes: readonly MergeOutcome[] = edited
    ? [{ field: BINNED_AT, type: 'newer', kept: null, lost: 'purged', winner }]
    : [];
  if (winner === 'theirs') return { ...adopted, outcomes };
  return {
    ...quiet,
    row: { ...keepRow(input, row).row, lineage },
    base: asBase(remote),
    pending: true,
    changed: false,
    outcomes,
  };
}

/** What a restore has brought back after a deletion: its words are older than the change that they came with (`restore/write-body.ts`). */
const wasBroughtBack = ({ stamps }: Body, lastUpdated: Stamp): boolean => lastUpdated > latestStamp(stamps);

/** Everything but the bin: what counts as a content edit against a deletion. */
export function contentOf({ fields }: Body): Body['fields'] {
  const { [BINNED_AT]: _, ...content } = fields;
  return content;
}

/** A body at schema version `to`, as far as this app can take it there. */
export function atVersion(declaration: EntityDeclaration | undefined, from: number, to: number, body: Body): Body {
  if (!declaration || from >= to || from >= declaration.version) return bodyOf(body);
  return migrateBody(declaration, from, bodyOf(body));
}

/** The row of a body that cannot be read here: kept as it came, shown as read-only. */
export function unreadableRow(input: AbsorbInput, raw: string): EntityRow {
  return { ...adopt({ ...input, remote: { ...input.remote, body: EMPTY_BODY } }, firstLineage(input)), raw };
}
