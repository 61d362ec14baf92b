import { decodeBody, encodeBody } from '#core/body.ts';
import type { Body } from '#core/entity.ts';
import type { KvError } from '#core/errors.ts';
import { hashText } from '#core/hash.ts';
import type { Key, Write } from '#core/ports.ts';
import type { Op, PushResult, RemoteEntity } from '#core/protocol.ts';
import { ok, type Result } from '#core/result.ts';
import type { AnswerPosition, Claim, SyncStore } from '#core/sync-store.ts';
import { type Absorbed, absorb, type Ground, type Remote, unreadableRow } from './absorb.ts';
import { announce, asState, asSync, mint, STATE, type StoreContext, SYNC } from './context.ts';
import { mergeLogFields } from './create-store.ts';
import { createDraft, type Draft } from './draft.ts';
import { keptParents, reviveParents } from './family.ts';
import { EMPTY_BODY, extendLineage } from './rows.ts';
import {
  type BaseRow,
  BINNED,
  type EntityRow,
  LIVE,
  type OutboxRow,
  PURGED,
  type SyncRow,
  type WorkspaceTables,
} from './schema.ts';

/** Entities merged in one transaction: small, so that a save never waits long behind one. */
const APPLY_BATCH = 50;
/** A row that a save changes between merge and commit is merged again; this often only if something is wrong. */
const MAX_ATTEMPTS = 20;

type Applied = Extract<PushResult, { type: 'applied' }>;
type Writes = readonly Write<WorkspaceTables>[];

/** The sync side of a workspace's store. The contract stands in `core/sync-store.ts`. */
export function createSyncStore(context: StoreContext): SyncStore {
  const { kv, ledger } = context;

  const isSent = (kind: string): boolean => ledger.get(kind)?.scope !== 'private';

  /** The sync row after an answer: the highest position ever seen, the epoch where none was known, the clock's skew. */
  const afterAnswer = (sync: SyncRow, { epoch, seen, now }: AnswerPosition): SyncRow => ({
    ...sync,
    epoch: sync.epoch ?? epoch,
    seen: seen !== null && (sync.seen === null || seen.seq >= sync.seen.seq) ? seen : sync.seen,
    skewMs: now - context.clock.now(),
  });

  /** The sync row after a push. Where its ops are exactly what the log gained, this device has seen all of it. */
  const afterPush = (sync: SyncRow, applied: readonly Applied[]): SyncRow => {
    const nowMs = context.clock.now();
    const gained = applied.filter(({ seq }) => seq > sync.cursor).length;
    const alone =
      gained > 0 && sync.seen?.seq === sync.cursor + gained && applied.every(({ seq }) => seq <= sync.cursor + gained);
    return { ...sync, lastPushedAt: nowMs, ...(alone ? { cursor: sync.cursor + gained, lastSyncedAt: nowMs } : {}) };
  };

  const decide = (row: EntityRow | undefined, base: BaseRow | undefined, incoming: Incoming, sync: SyncRow): Decision => {
    const { entity, lineage, common } = incoming;
    const decoded = entity.deleted ? ok(EMPTY_BODY) : decodeBody(entity.body ?? '');
    const remote: Remote = { entity, lineage, body: decoded.ok ? decoded.value : EMPTY_BODY };
    const input = {
      row,
      base,
      remote,
      reconcile: common === undefined ? null : { common },
      declaration: ledger.get(entity.kind),
      policy: context.policy(),
      deviceId: context.deviceId,
      keep: incoming.keep || (sync.decided?.keep === true && entity.seq <= sync.decided.seq),
      serverNow: context.clock.now() + sync.skewMs,
    };
    if (decoded.ok) return { absorbed: absorb(input), unreadable: null };
    const raw = entity.body ?? '';
    if (!row)
      return {
        absorbed: { row: unreadableRow(input, raw), base: null, pending: false, changed: true, outcomes: [], conflicts: [] },
        unreadable: raw,
      };
    return { absorbed: null, unreadable: raw };
  };

  /** Puts a decision into the draft. `released` is the outbox row that the server has just answered, if any. */
  const record = (
    draft: Draft,
    before: EntityRow | undefined,
    incoming: Incoming,
    { absorbed, unreadable }: Decision,
    released: string | null,
  ): void => {
    const { kind, id } = incoming.entity;
    draft.receive(incoming.entity.lastUpdated);
    if (unreadable !== null) {
      draft.write({
        put: 'quarantine',
        row: { kind, id, reason: 'unreadable', at: context.clock.now(), op: null, raw: unreadable },
      });
    }
    if (!absorbed) return;
    const replaced = before !== undefined && absorbed.changed;
    if (replaced) draft.keepHistory(before, absorbed.row.place === PURGED ? 'delete' : 'merge');
    const row = released !== null ? { ...absorbed.row, sent: null } : absorbed.row;
    const sameContent = before !== undefined && !absorbed.changed;
    draft.put(replaced ? { ...row, snapshotAt: context.clock.now() } : row, before, { pending: absorbed.pending, sameContent });
    draft.base(kind, id, absorbed.base);
    if (ledger.get(kind)?.scope === 'device') return;
    if (absorbed.outcomes.length > 0)
      draft.create('merge-log', mergeLogFields(context, kind, id, incoming.entity.deviceId, absorbed.outcomes));
    for (const { field, base, mine, theirs } of absorbed.conflicts) {
      draft.create('conflict', {
        entityKind: kind,
        entityId: id,
        field,
        base,
        mine,
        theirs,
        mineDevice: context.deviceId,
        theirsDevice: incoming.entity.deviceId,
        at: context.clock.now(),
        resolution: 'open',
      });
    }
  };

  /**
   * Merges `incoming` outside of a transaction, then commits it in one that checks that no row has moved on meanwhile.
   * `answered` names the outbox rows that go with it; `sync` gives the sync row to write beside.
   */
  const commitIncoming = async (
    incoming: readonly Incoming[],
    answered: ReadonlyMap<string, string>,
    moveSync: (sync: SyncRow) => SyncRow,
  ): Promise<Result<void, KvError>> => {
    const keys: Key[] = incoming.map(({ entity }) => [entity.kind, entity.id]);
    const reads = { rows: { getMany: 'entities', keys }, bases: { getMany: 'bases', keys }, state: STATE, sync: SYNC } as const;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const seen = await kv.read(reads);
      if (!seen.ok) return seen;
      const decisions = incoming.map((one, index) =>
        decide(seen.value.rows[index], seen.value.bases[index], one, asSync(seen.value.sync)),
      );
      const result = await kv.transact(reads, ({ rows, state, sync }) => {
        const moved = rows.some((row, index) => !isSame(row, seen.value.rows[index]));
        if (moved) return { writes: [] as Writes, value: null };
        const draft = createDraft(context, asState(state));
        incoming.forEach((one, index) => {
          const row = rows[index];
          const released = answered.get(`${one.entity.kind}/${one.entity.id}`) ?? null;
          if (released !== null) draft.write({ delete: 'outbox', key: released });
          record(draft, row, one, decisions[index] as Decision, released);
        });
        const { writes, change } = draft.finish(false);
        return { writes: [...writes, { put: 'meta', row: moveSync(asSync(sync)) }], value: change };
      });
      if (!result.ok) return result;
      if (result.value === null) continue;
      announce(context, result.value);
      return ok(undefined);
    }
    return { ok: false, error: { type: 'StorageFailed', reason: 'the entities kept changing under the merge' } };
  };

  const acknowledge = (draft: Draft, outbox: OutboxRow, row: EntityRow, answer: Applied): void => {
    const op = outbox.op as Op;
    // An answer older than what a pull brought lowers nothing.
    const newer = answer.seq >= row.seq;
    const known = newer ? { version: op.opId, rev: answer.rev, seq: answer.seq, acceptedAt: answer.acceptedAt } : {};
    const pending = row.queued !== null;
    draft.put({ ...row, ...known, sent: null, lineage: extendLineage(row.lineage, op.opId) }, row, {
      pending,
      sameContent: true,
    });
    if (newer) draft.base(op.kind, op.id, pending ? baseOfOp(op) : null);
  };

  /** The server refused the op. Its entity waits in quarantine with the op as it was; editing goes on. */
  const settleRejected = (
    answer: Extract<PushResult, { type: 'rejected' }>,
    position: AnswerPosition,
  ): Promise<Result<unknown, KvError>> =>
    settleOne(answer.opId, position, (draft, outbox, row) => {
      const op = outbox.op as Op;
      draft.write({
        put: 'quarantine',
        row: { kind: op.kind, id: op.id, reason: answer.reason, at: context.clock.now(), op, raw: null },
      });
      const opId = row.queued ?? mint(context);
      draft.write({ put: 'outbox', row: { ...outbox, opId, state: 'parked', op: null, holdUntil: 0 } });
      draft.put({ ...row, sent: null, queued: opId }, row, { pending: true, sameContent: true });
    });

  /** One answered op in one transaction; an answer to an op that is no longer on its way changes nothing. */
  const settleOne = (
    opId: string,
    position: AnswerPosition,
    settle: (draft: Draft, outbox: OutboxRow, row: EntityRow) => void,
  ): Promise<Result<unknown, KvError>> => settleMany([opId], position, settle);

  const settleMany = async (
    opIds: readonly string[],
    position: AnswerPosition,
    settle: (draft: Draft, outbox: OutboxRow, row: EntityRow, index: number) => void,
    applied: readonly Applied[] = [],
  ): Promise<Result<void, KvError>> => {
    const found = await kv.read({ outbox: { getMany: 'outbox', keys: opIds } });
    if (!found.ok) return found;
    const keys: Key[] = found.value.outbox.map((row) => (row ? [row.kind, row.id] : ['', '']));
    const result = await kv.transact(
      { outbox: { getMany: 'outbox', keys: opIds }, rows: { getMany: 'entities', keys }, state: STATE, sync: SYNC },
      ({ outbox, rows, state, sync }) => {
        const draft = createDraft(context, asState(state));
        outbox.forEach((pending, index) => {
          const row = rows[index];
          if (pending?.state !== 'sent' || !row || row.sent !== pending.opId) return;
          draft.write({ delete: 'outbox', key: pending.opId });
          settle(draft, pending, row, index);
        });
        const { writes, change } = draft.finish(false);
        const after = afterPush(afterAnswer(asSync(sync), position), applied);
        return { writes: [...writes, { put: 'meta', row: after }], value: change };
      },
    );
    if (!result.ok) return result;
    announce(context, result.value);
    return ok(undefined);
  };

  return {
    async position() {
      const result = await kv.read({
        sync: SYNC,
        queued: { count: 'outbox', index: 'byOrder', lower: ['queued', 0], upper: ['sent', Infinity] },
      });
      if (!result.ok) return result;
      const { epoch, cursor, seen, reconciling, failure } = asSync(result.value.sync);
      return ok({ epoch, cursor, seen, reconciling, pending: result.value.queued, attempts: failure?.attempts ?? 0 });
    },

    async unanswered() {
      const result = await kv.read({
        rows: { list: 'outbox', index: 'byOrder', lower: ['sent', 0], upper: ['sent', Infinity], limit: 1000 },
      });
      return result.ok ? ok(result.value.rows.flatMap(({ op }) => (op ? [op] : []))) : result;
    },

    async claim({ limit, maxBytes, force }) {
      const found = await kv.read({
        queued: { list: 'outbox', index: 'byOrder', lower: ['queued', 0], upper: ['queued', Infinity], limit: limit * 4 },
      });
      if (!found.ok) return found;
      const nowMs = context.clock.now();
      const due: OutboxRow[] = [];
      let nextDueAt: number | null = null;
      let bytes = 0;
      for (const row of found.value.queued) {
        // A hold far in the future was written by a clock that has since been set back.
        const held = row.holdUntil > nowMs && row.holdUntil - nowMs <= MAX_HOLD_MS;
        if (held && !force) nextDueAt = Math.min(nextDueAt ?? row.holdUntil, row.holdUntil);
        else if (due.length < limit && (due.length === 0 || bytes + row.bytes <= maxBytes)) {
          due.push(row);
          bytes += row.bytes;
        }
      }
      if (due.length === 0) return ok({ ops: [], nextDueAt });
      const keys: Key[] = due.map(({ kind, id }) => [kind, id]);
      const before = await kv.read({ rows: { getMany: 'entities', keys } });
      if (!before.ok) return before;
      // Encoding and hashing happen here, outside of the transaction, which checks that nothing has moved on.
      const ops = before.value.rows.map((row, index) =>
        row && row.sent === null ? toOp(row, (due[index] as OutboxRow).opId) : null,
      );
      const result = await kv.transact(
        { rows: { getMany: 'entities', keys }, outbox: { getMany: 'outbox', keys: due.map(({ opId }) => opId) } },
        ({ rows, outbox }) => {
          const writes: Write<WorkspaceTables>[] = [];
          const claimed: Op[] = [];
          ops.forEach((op, index) => {
            const row = rows[index];
            const pending = outbox[index];
            const unchanged = row && isSame(row, before.value.rows[index]);
            if (!op || !unchanged || pending?.state !== 'queued') return;
            writes.push({ put: 'outbox', row: { ...pending, state: 'sent', op } });
            // The row's state contains what is sent, whether or not the answer ever comes back.
            writes.push({
              put: 'entities',
              row: { ...row, queued: null, sent: op.opId, lineage: extendLineage(row.lineage, op.opId) },
            });
            claimed.push(op);
          });
          return { writes, value: claimed };
        },
      );
      return result.ok ? ok({ ops: result.value, nextDueAt } satisfies Claim) : result;
    },

    async settle(results, position) {
      const applied = results.filter((result) => result.type === 'applied');
      if (applied.length > 0) {
        const settled = await settleAll(applied, position);
        if (!settled.ok) return settled;
      }
      for (const result of results) {
        if (result.type === 'rejected') {
          const settled = await settleRejected(result, position);
          if (!settled.ok) return settled;
        } else if (result.type === 'conflict') {
          const settled = await settleConflict(result, position);
          if (!settled.ok) return settled;
        }
      }
      return ok(undefined);
    },

    async apply(changes, cursor, position) {
      for (let start = 0; start < changes.length || start === 0; start += APPLY_BATCH) {
        const batch = changes.slice(start, start + APPLY_BATCH);
        const isLast = start + APPLY_BATCH >= changes.length;
        const reached = isLast ? cursor : (batch.at(-1)?.seq ?? cursor);
        const revived = await reviveParents(context, batch);
        if (!revived.ok) return revived;
        const kept = await keptParents(context, batch);
        if (!kept.ok) return kept;
        const result = await commitIncoming(
          batch.map((entity) => ({
            entity,
            lineage: [],
            common: undefined,
            keep: kept.value.has(`${entity.kind}/${entity.id}`),
          })),
          new Map(),
          (sync) => ({
            ...afterAnswer(sync, position),
            cursor: Math.max(sync.cursor, reached),
            ...(isLast ? { lastSyncedAt: context.clock.now() } : {}),
          }),
        );
        if (!result.ok) return result;
      }
      return ok(undefined);
    },

    async weigh(changes) {
      const graves = changes.filter(
        ({ kind, deleted }) => deleted && ledger.get(kind)?.parent === undefined && !ledger.get(kind)?.appendOnly,
      );
      if (graves.length === 0) return ok({ keys: [], live: new Map() });
      const found = await kv.read({ rows: { getMany: 'entities', keys: graves.map(({ kind, id }) => [kind, id]) }, sync: SYNC });
      if (!found.ok) return found;
      const decidedSeq = asSync(found.value.sync).decided?.seq ?? 0;
      const taken = graves.filter(({ seq }, index) => {
        const row = found.value.rows[index];
        return row?.place === LIVE && row.queued === null && seq > decidedSeq;
      });
      const live = new Map<string, number>();
      for (const kind of new Set(taken.map((grave) => grave.kind))) {
        const counted = await kv.read({
          count: { count: 'entities', index: 'byPlace', lower: [kind, LIVE], upper: [kind, BINNED], upperOpen: true },
        });
        if (!counted.ok) return counted;
        live.set(kind, counted.value.count);
      }
      return ok({ keys: taken.map(({ kind, id }) => [kind, id] as const), live });
    },

    async holdDeletions(keys, seq) {
      return kv.transact({ sync: SYNC }, ({ sync }) => ({
        writes: [{ put: 'meta', row: { ...asSync(sync), held: { keys, seq } } }],
        value: undefined,
      }));
    },

    async beginReconcile() {
      const marked = await kv.transact({ sync: SYNC }, ({ sync }) => ({
        writes: [{ put: 'meta', row: { ...asSync(sync), reconciling: true } }],
        value: null,
      }));
      if (!marked.ok) return marked;
      for (;;) {
        const found = await kv.read({
          sent: { list: 'outbox', index: 'byOrder', lower: ['sent', 0], upper: ['sent', Infinity], limit: APPLY_BATCH },
        });
        if (!found.ok) return found;
        const { sent } = found.value;
        if (sent.length === 0) return ok(undefined);
        const result = await kv.transact(
          { rows: { getMany: 'entities', keys: sent.map(({ kind, id }) => [kind, id]) }, state: STATE },
          ({ rows, state }) => {
            const draft = createDraft(context, asState(state));
            sent.forEach((outbox, index) => {
              const row = rows[index];
              // The entity's own state holds what was sent; a newer waiting row carries both.
              draft.write({ delete: 'outbox', key: outbox.opId });
              if (row) draft.put({ ...row, sent: null }, row, { pending: true, sameContent: true });
            });
            return { writes: draft.finish(false).writes, value: null };
          },
        );
        if (!result.ok) return result;
      }
    },

    async differing(entries) {
      const result = await kv.read({ rows: { getMany: 'entities', keys: entries.map(({ kind, id }) => [kind, id]) } });
      if (!result.ok) return result;
      return ok(entries.filter((entry, index) => result.value.rows[index]?.version !== entry.version));
    },

    async commonVersion({ kind, id, version, lineage }) {
      const result = await kv.read({ row: { get: 'entities', key: [kind, id] }, base: { get: 'bases', key: [kind, id] } });
      if (!result.ok) return result;
      const { row } = result.value;
      if (!row || row.lineage.includes(version) || (row.version !== null && lineage.includes(row.version))) return ok(null);
      return ok(row.lineage.findLast((ancestor) => lineage.includes(ancestor)) ?? null);
    },

    async reconcile(remote, lineage, common) {
      const ground = common === null ? null : toGround(common);
      return commitIncoming([{ entity: remote, lineage, common: ground, keep: false }], new Map(), (sync) => sync);
    },

    async requeueAbsent(known) {
      let requeued = 0;
      let after: Key | null = null;
      for (;;) {
        const found: Result<{ readonly rows: readonly EntityRow[] }, KvError> = await kv.read({
          rows: { list: 'entities', limit: 200, ...(after ? { lower: after, lowerOpen: true } : {}) },
        });
        if (!found.ok) return found;
        const last = found.value.rows.at(-1);
        if (!last) return ok(requeued);
        after = [last.kind, last.id];
        const absent = found.value.rows.filter(
          ({ kind, id, version }) => isSent(kind) && version !== null && !known.has(`${kind}/${id}`),
        );
        for (let start = 0; start < absent.length; start += APPLY_BATCH) {
          const keys: Key[] = absent.slice(start, start + APPLY_BATCH).map(({ kind, id }) => [kind, id]);
          const result = await kv.transact({ rows: { getMany: 'entities', keys }, state: STATE }, ({ rows, state }) => {
            const draft = createDraft(context, asState(state));
            for (const row of rows) {
              if (!row) continue;
              draft.put({ ...row, version: null, rev: 0, seq: 0, acceptedAt: null }, row, { pending: true, sameContent: true });
              draft.base(row.kind, row.id, null);
            }
            return { writes: draft.finish(false).writes, value: rows.length };
          });
          if (!result.ok) return result;
          requeued += result.value;
        }
      }
    },

    async endReconcile(epoch, cursor, seen) {
      const result = await kv.transact({ sync: SYNC }, ({ sync }) => ({
        // A decision belongs to seqs of the life that has ended.
        writes: [{ put: 'meta', row: { ...asSync(sync), epoch, cursor, seen, reconciling: false, held: null, decided: null } }],
        value: undefined,
      }));
      return result;
    },

    async noteOutcome(error, retryAt) {
      return kv.transact(
        { sync: SYNC },
        ({ sync }) => {
          const { failure, ...rest } = asSync(sync);
          const next: SyncRow = error
            ? {
                ...rest,
                failure: {
                  reason: error.type,
                  since: failure?.since ?? context.clock.now(),
                  attempts: (failure?.attempts ?? 0) + 1,
                  retryAt,
                },
              }
            : { ...rest, failure: null };
          return { writes: [{ put: 'meta', row: next }], value: undefined };
        },
        'relaxed',
      );
    },
  };

  function settleAll(applied: readonly Applied[], position: AnswerPosition): Promise<Result<unknown, KvError>> {
    return settleMany(
      applied.map(({ opId }) => opId),
      position,
      (draft, outbox, row, index) => acknowledge(draft, outbox, row, applied[index] as Applied),
      applied,
    );
  }

  /** The op's base is gone: the answer's current version is merged in the transaction that takes the op back. */
  async function settleConflict(
    { opId, current, lineage }: Extract<PushResult, { type: 'conflict' }>,
    position: AnswerPosition,
  ): Promise<Result<unknown, KvError>> {
    if (current) {
      const found = await kv.read({ outbox: { get: 'outbox', key: opId } });
      if (!found.ok) return found;
      if (found.value.outbox?.state !== 'sent') return ok(undefined);
      return commitIncoming(
        [{ entity: current, lineage, common: undefined, keep: false }],
        new Map([[`${current.kind}/${current.id}`, opId]]),
        (sync) => afterAnswer(sync, position),
      );
    }
    // The server has no such entity: what was built on a version is offered again, built on nothing.
    return settleOne(opId, position, (draft, _outbox, row) => {
      draft.put({ ...row, version: null, rev: 0, seq: 0, acceptedAt: null, sent: null }, row, {
        pending: true,
        sameContent: true,
      });
      draft.base(row.kind, row.id, null);
    });
  }
}

/** No hold is longer than this; one that seems to be was written before the clock was set back. */
const MAX_HOLD_MS = 10_000;

/** Whether a row is as it was read before: same content, same knowledge of the server. */
const isSame = (row: EntityRow | undefined, before: EntityRow | undefined): boolean =>
  row?.localSeq === before?.localSeq &&
  row?.version === before?.version &&
  row?.sent === before?.sent &&
  row?.queued === before?.queued;

interface Incoming {
  readonly entity: RemoteEntity;
  readonly lineage: readonly string[];
  /** Undefined in ordinary sync, where the base is known to be shared. */
  readonly common: Ground | null | undefined;
  /** A tombstone that must not happen here. */
  readonly keep: boolean;
}

interface Decision {
  /** Null where the row stays as it is and the unreadable body goes into quarantine. */
  readonly absorbed: Absorbed | null;
  readonly unreadable: string | null;
}

const bodyText = (row: EntityRow): string | null =>
  row.place === PURGED ? null : (row.raw ?? encodeBody({ fields: row.fields, stamps: row.stamps }));

function toOp(row: EntityRow, opId: string): Op {
  const body = bodyText(row);
  const { kind, id, v, version, lastUpdated } = row;
  return { opId, kind, id, v, base: version, lastUpdated, deleted: body === null, body, hash: hashText(body ?? ''), blobs: [] };
}

function toGround({ v, body, deleted }: RemoteEntity): Ground | null {
  if (deleted || body === null) return { v, body: EMPTY_BODY };
  const decoded = decodeBody(body);
  return decoded.ok ? { v, body: decoded.value } : null;
}

function baseOfOp({ opId, kind, id, v, body, deleted }: Op): BaseRow {
  const decoded = body === null ? null : decodeBody(body);
  const { fields, stamps }: Body = decoded?.ok ? decoded.value : EMPTY_BODY;
  return { kind, id, version: opId, v, fields, stamps, deleted };
}
