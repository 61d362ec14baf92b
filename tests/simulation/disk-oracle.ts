/**
 * What must hold of a device's database after every single commit, whoever made it: checked against a mirror that is
 * built from the commits themselves.
 */
import { encodeBody } from '#core/body.ts';
import { MAX_DRIFT_MS, parseStamp, rankStamp, ZERO_STAMP } from '#core/clock.ts';
import type { Ledger } from '#core/entity.ts';
import type { Write } from '#core/ports.ts';
import type { MemoryKv } from '#store/kv/kv-memory.ts';
import type { BlobBytesRow } from '#store/schema/blob-rows.ts';
import { effectiveRow, isSending } from '#store/schema/bulk-mark.ts';
import { asBulk, asCounters } from '#store/schema/context.ts';
import type { BulkRow, CountersRow, MetaRow, SyncRow } from '#store/schema/meta-rows.ts';
import { type EntityRow, type OutboxRow, PURGED, type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import type { Commit } from './disk.ts';
import { isSameBody } from './same-body.ts';
import type { Verdict } from './verdict.ts';
import type { WireOracle } from './wire-oracle.ts';

export type Store = keyof WorkspaceTables & string;

export interface Mirror {
  entities(): Iterable<EntityRow>;
  outbox(): Iterable<OutboxRow>;
  entity(kind: string, id: string): EntityRow | undefined;
  sync(): SyncRow | undefined;
  /** Every row of every store. */
  rows(): Iterable<object>;
  rowsOf(store: Store): Iterable<object>;
}

/** A row that a commit has changed. */
export type OnRow = (store: Store, before: object | undefined, after: object | undefined) => void;

export interface DiskOracle extends Mirror {
  onCommit(commit: Commit<WorkspaceTables>): void;
  /** The disk has lost something as a whole: the mirror starts again from what is there. */
  reload(rows: MemoryKv<WorkspaceTables>): void;
}

/** A clock goes back only out of a time that was wrong: far ahead of what is known now. */
function isSetBack(before: Partial<CountersRow>, after: Partial<CountersRow>): boolean {
  const [was, is] = [before.clock ?? ZERO_STAMP, after.clock ?? ZERO_STAMP];
  const known = after.server && after.lastSavedAt != null ? after.lastSavedAt + after.server.skewMs : Number.POSITIVE_INFINITY;
  return is < was && parseStamp(was).ms <= Math.min(parseStamp(is).ms, known) + MAX_DRIFT_MS;
}

/**
 * Whether a device's clock is behind the stamp of what it has taken over from another one. A device that corrects its time
 * by the server's, or has received a time far ahead of its own, may be.
 */
function isBehind({ lastUpdated, acceptedAt }: EntityRow, { clock, server }: CountersRow, nowMs: number): boolean {
  const received = rankStamp(lastUpdated, acceptedAt);
  return (server?.skewMs ?? 0) === 0 && parseStamp(received).ms <= nowMs + MAX_DRIFT_MS && clock < received;
}

export interface DiskOwner {
  readonly name: string;
  deviceId(): string;
  /** Its wall clock, ms. */
  now(): number;
}

export function createDiskOracle(
  { name: device, deviceId, now: wallClock }: DiskOwner,
  ledger: Ledger,
  verdict: Verdict,
  wire: WireOracle,
  onChange: (before: EntityRow, after: EntityRow) => void,
  onRow: OnRow = () => {},
): DiskOracle {
  const stores = new Map<Store, Map<string, object>>();

  const storeOf = (name: Store): Map<string, object> => {
    const rows = stores.get(name) ?? new Map<string, object>();
    stores.set(name, rows);
    return rows;
  };
  const clear = (): void => stores.clear();
  const metaRow = (key: string): MetaRow | undefined => storeOf('meta').get(JSON.stringify(key)) as MetaRow | undefined;
  const counters = (): CountersRow => asCounters(metaRow('state'));
  /** Rows as they are: a bulk says of many at once that they are sent, or taken. */
  const effective = (row: EntityRow | undefined): EntityRow | undefined => row && effectiveRow(row, counters());
  const going = (row: OutboxRow | undefined, state: CountersRow, bulk: BulkRow | null): OutboxRow | undefined => {
    if (row?.state !== 'queued' || !isSending(row, state)) return row;
    return { ...row, state: 'sent', op: bulk?.ops.find(({ opId }) => opId === row.opId) ?? null };
  };
  const entity = (kind: string, id: string): EntityRow | undefined =>
    effective(storeOf('entities').get(JSON.stringify([kind, id])) as EntityRow | undefined);
  const outboxRow = (opId: string): OutboxRow | undefined =>
    going(storeOf('outbox').get(JSON.stringify(opId)) as OutboxRow | undefined, counters(), asBulk(metaRow('bulk')));
  const sync = (): SyncRow | undefined => storeOf('meta').get('"sync"') as SyncRow | undefined;

  const keyOf = (store: Store, row: object): string => {
    const path = workspaceSchema.stores[store].key;
    const columns = row as { readonly [column: string]: unknown };
    return JSON.stringify(typeof path === 'string' ? columns[path] : path.map((column) => columns[column]));
  };

  /** A deletion by range, as the deletions of the rows in it. */
  const spread = (write: Write<WorkspaceTables>): readonly Exclude<Write<WorkspaceTables>, { deleteRange: Store }>[] => {
    if (!('deleteRange' in write)) return [write];
    const { deleteRange: store } = write;
    if (store === 'blob-bytes') {
      const [name] = write.lower as readonly unknown[];
      const rows = ([...storeOf(store).values()] as BlobBytesRow[]).filter((row) => row.name === name);
      return rows.map((row) => ({ delete: store, key: [row.name, row.part] }) as const);
    }
    if (store !== 'outbox' && store !== 'meta') throw new TypeError(`no range of ${store} is expected`);
    const keys = [...storeOf(store).keys()].map((key) => String(JSON.parse(key)));
    const inside = keys.filter((key) => key >= String(write.lower) && key <= String(write.upper));
    return inside.map((key) => ({ delete: store, key }) as const);
  };

  const checkLinks = (row: EntityRow): void => {
    const name = `${device} ${row.kind}/${row.id}`;
    const waiting = row.queued === null ? undefined : outboxRow(row.queued);
    if (row.queued !== null && (!waiting || waiting.state === 'sent' || waiting.id !== row.id)) {
      verdict.fail(
        'invariant 1: every edit has its outbox row',
        `${name} names ${row.queued}, which is ${waiting?.state ?? 'gone'}`,
      );
    }
    const away = row.sent === null ? undefined : outboxRow(row.sent);
    if (row.sent !== null && (away?.state !== 'sent' || away.op?.opId !== row.sent)) {
      verdict.fail(
        'invariant 1: every edit has its outbox row',
        `${name} was sent as ${row.sent}, which is ${away?.state ?? 'gone'}`,
      );
    }
    if (row.queued === null && row.sent === null && ledger.get(row.kind)?.scope !== 'private') checkClean(row, name);
  };

  /** What does not wait to be sent must be what was sent to the server under the row's version. */
  const checkClean = (row: EntityRow, name: string): void => {
    const version = row.version === null ? undefined : wire.version(row.version);
    if (!version) {
      verdict.fail('invariant 1: every edit has its outbox row', `${name} waits for nothing, but no server knows ${row.version}`);
      return;
    }
    const body = row.place === PURGED ? null : (row.raw ?? encodeBody(row));
    if (!isSameBody(body, version.body)) {
      verdict.fail(
        'invariant 5: nothing is lost between row and outbox',
        `${name} at ${row.version} is ${body}, pushed was ${version.body}`,
      );
    }
  };

  /** What a person has just saved names no purged parent: nobody would find it there. */
  const checkSaved = (before: EntityRow | undefined, { kind, id }: EntityRow): void => {
    const row = entity(kind, id);
    const above = ledger.get(kind)?.parent;
    if (!row || !above || row.parent === null || row.saves.at(-1) === before?.saves.at(-1)) return;
    if (entity(above.kind, row.parent)?.place === PURGED)
      verdict.fail(
        'invariant 22: a child is saved under a living parent',
        `${device} ${kind}/${id} of ${above.kind}/${row.parent}`,
      );
  };

  const checkSent = (before: OutboxRow, after: OutboxRow | undefined): void => {
    if (before.state !== 'sent' || !after) return;
    if (after.state !== 'sent' || JSON.stringify(after.op) !== JSON.stringify(before.op)) {
      verdict.fail('invariant 15: a sent row never changes', `${device} ${before.opId}`);
    }
  };

  /** A row leaves only with the server's answer, or when another row or the quarantine has its value. */
  const checkLeaving = (before: OutboxRow): void => {
    const row = entity(before.kind, before.id);
    const replaced = row !== undefined && (row.queued !== null || row.sent !== null);
    if (wire.isAnswered(device, before.opId) || replaced) return;
    // What the server has by another way was checked by `checkClean`: the row is then equal to a pushed version.
    if (before.state !== 'sent' && row?.version != null) return;
    verdict.fail(
      'invariant 2: a row leaves the outbox only with an answer',
      `${device} ${before.kind}/${before.id} ${before.opId} ${before.state}`,
    );
  };

  const checkMeta = (before: object | undefined, after: object): void => {
    const [old, now] = [
      before as { key: string; localSeq?: number; cursor?: number; epoch?: string; clock?: string } | undefined,
      after as { localSeq?: number; cursor?: number; epoch?: string; clock?: string },
    ];
    if (!old) return;
    if (
      old.key === 'state' &&
      ((now.localSeq ?? 0) < (old.localSeq ?? 0) || isSetBack(before as Partial<CountersRow>, after as Partial<CountersRow>))
    ) {
      verdict.fail(
        'invariant 16: localSeq and clock never go back',
        `${device} ${JSON.stringify(old)} to ${JSON.stringify(now)}`,
      );
    }
    const wasReconciling = (before as SyncRow).reconciling;
    if (old.key === 'sync' && !wasReconciling && (now.cursor ?? 0) < (old.cursor ?? 0)) {
      verdict.fail('invariant 4: a cursor only moves on', `${device} ${old.cursor} to ${now.cursor}`);
    }
  };

  return {
    entity,
    sync,
    *entities() {
      for (const row of storeOf('entities').values()) yield effective(row as EntityRow) as EntityRow;
    },
    outbox: () => storeOf('outbox').values() as Iterable<OutboxRow>,
    rowsOf: (store) => storeOf(store).values(),
    *rows() {
      for (const rows of stores.values()) yield* rows.values();
    },
    onCommit({ writes }) {
      const entities = new Map<string, readonly [string, string]>();
      const outbox = new Map<string, OutboxRow>();
      const [oldState, oldBulk] = [counters(), asBulk(metaRow('bulk'))];
      const saved: (readonly [EntityRow | undefined, EntityRow])[] = [];
      const changed: { readonly before: EntityRow; readonly after: EntityRow }[] = [];
      for (const write of writes.flatMap(spread)) {
        const store = 'put' in write ? write.put : write.delete;
        const key = 'put' in write ? keyOf(store, write.row) : JSON.stringify(write.key);
        const before = storeOf(store).get(key);
        if (store === 'entities' && 'put' in write) saved.push([before as EntityRow | undefined, write.row as EntityRow]);
        if (store === 'entities' && before && 'put' in write)
          changed.push({ before: effective(before as EntityRow) as EntityRow, after: write.row as EntityRow });
        if ('put' in write) storeOf(store).set(key, write.row);
        else storeOf(store).delete(key);
        onRow(store, before, 'put' in write ? write.row : undefined);
        if (store === 'meta' && 'put' in write) checkMeta(before, write.row);
        for (const row of [before, 'put' in write ? write.row : undefined]) {
          if (!row || (store !== 'entities' && store !== 'outbox')) continue;
          const { kind, id } = row as EntityRow;
          entities.set(`${kind}/${id}`, [kind, id]);
        }
        if (store === 'outbox' && before && !outbox.has(key)) {
          outbox.set(key, going(before as OutboxRow, oldState, oldBulk) as OutboxRow);
        }
      }
      // A bulk's mark and its end change rows that nobody has written.
      const now = counters();
      if (now.sending !== oldState.sending || now.acked !== oldState.acked) {
        for (const row of storeOf('entities').values() as Iterable<EntityRow>)
          entities.set(`${row.kind}/${row.id}`, [row.kind, row.id]);
        for (const [key, row] of storeOf('outbox') as Map<string, OutboxRow>) {
          if (!outbox.has(key)) outbox.set(key, going(row, oldState, oldBulk) as OutboxRow);
        }
      }
      for (const write of writes)
        if ('put' in write && write.put === 'outbox' && write.row.restored) wire.noteRestored(write.row.opId);
      for (const before of outbox.values()) {
        const after = outboxRow(before.opId);
        checkSent(before, after);
        if (!after) checkLeaving(before);
      }
      for (const { before, after } of changed) onChange(before, after);
      for (const [before, row] of saved) {
        // What this device has offered again for another one was learned of before, and is accepted later.
        const isOwnOp = before && row.version !== null && [before.sent, before.queued].includes(row.version);
        const isTaken = row.queued === null && row.sent === null && row.deviceId !== deviceId() && !isOwnOp;
        if (isTaken && isBehind(row, now, wallClock()))
          verdict.fail('invariant 16: a clock is not behind what was received', `${device} ${now.clock} ${row.lastUpdated}`);
      }
      for (const [before, after] of saved) checkSaved(before, after);
      for (const [kind, id] of entities.values()) {
        const row = entity(kind, id);
        if (row) checkLinks(row);
        else verdict.fail('invariant 5: no entity vanishes', `${device} ${kind}/${id}`);
      }
    },
    reload(kv) {
      clear();
      const all = kv.snapshot();
      for (const [name, rows] of all) for (const row of rows) storeOf(name as Store).set(keyOf(name as Store, row), row);
    },
  };
}
