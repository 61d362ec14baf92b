/** Two accounts of one browser in memory, and the way from one into the other, which can be cut at any of its steps. */
import { encodeBody } from '#core/body.ts';
import type { Fields } from '#core/entity.ts';
import type { KvError } from '#core/errors.ts';
import { hashText } from '#core/hash.ts';
import { mintId } from '#core/ids.ts';
import type { Kv, Tables } from '#core/ports.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { err, type Result } from '#core/result.ts';
import { systemRandom } from '#platform/system.ts';
import { type BringPosition, bringAlong } from '#store/accounts/bring-along.ts';
import type { EntityRow } from '#store/schema/schema.ts';
import { createSyncStore } from '#store/sync/create-sync-store.ts';
import { must, type openMemoryWorkspace } from './memory-workspace.ts';

export type MemoryWorkspace = Awaited<ReturnType<typeof openMemoryWorkspace>>;

export const newId = (): string => mintId(Date.now(), systemRandom);

/** Saves a patch of an entity, as an editor does that shows what is there. */
export async function edit({ store }: MemoryWorkspace, kind: string, id: string, patch: Fields): Promise<void> {
  const found = must(await store.get(kind, id));
  const base = Object.fromEntries(Object.entries(found?.fields ?? {}).filter(([field]) => field in patch));
  must(await store.save({ kind, id, patch, base, baseSeq: found?.localSeq ?? 0, saveId: newId() }));
}

let seq = 0;

/** The server of that account takes all that waits. Gives the versions by `kind/id`. */
export async function acknowledge({ context }: MemoryWorkspace): Promise<ReadonlyMap<string, string>> {
  const syncStore = createSyncStore(context);
  const { ops } = must(await syncStore.claim({ limit: 1000, maxBytes: 1e9, force: true }));
  const results = ops.map(({ opId }) => {
    seq += 1;
    return { type: 'applied' as const, opId, rev: 1, seq, acceptedAt: context.clock.now(), missingBlobs: [] };
  });
  must(
    await syncStore.acknowledge(results, {
      epoch: 'e',
      seen: { seq, opId: ops.at(-1)?.opId ?? newId() },
      now: context.clock.now(),
    }),
  );
  return new Map(ops.map(({ kind, id, opId }) => [`${kind}/${id}`, opId]));
}

/** The server of that account refuses all that waits. */
export async function refuse({ context }: MemoryWorkspace): Promise<void> {
  const syncStore = createSyncStore(context);
  const { ops } = must(await syncStore.claim({ limit: 1000, maxBytes: 1e9, force: true }));
  const results = ops.map(({ opId }) => ({ type: 'rejected' as const, opId, reason: 'too-big' as const }));
  must(await syncStore.acknowledge(results, { epoch: 'e', seen: { seq, opId: newId() }, now: context.clock.now() }));
}

/** A version comes from the server: made by another device of that account. */
export async function pull({ context }: MemoryWorkspace, row: EntityRow, fields: Fields, stamps = row.stamps): Promise<void> {
  seq += 1;
  const body = encodeBody({ fields, stamps });
  const entity: RemoteEntity = {
    kind: row.kind,
    id: row.id,
    v: row.v,
    version: newId(),
    rev: 7,
    seq,
    lastUpdated: row.lastUpdated,
    acceptedAt: context.clock.now(),
    deleted: false,
    body,
    hash: hashText(body),
    deviceId: newId(),
  };
  must(
    await createSyncStore(context).apply([entity], seq, {
      epoch: 'e',
      seen: { seq, opId: entity.version },
      now: context.clock.now(),
    }),
  );
}

export async function rowOf({ context }: MemoryWorkspace, kind: string, id: string): Promise<EntityRow> {
  const { row } = must(await context.kv.read({ row: { get: 'entities', key: [kind, id] } }));
  if (!row) throw new Error(`no ${kind}/${id}`);
  return row;
}

/** Counts the calls of a database, and fails from one of them on: before its effect, or after it. */
export interface Cut {
  calls: number;
  readonly at: number;
  readonly when: 'before' | 'after';
}

const KILLED: KvError = { type: 'ConnectionLost', reason: 'killed' };

function cutKv<T extends Tables>(kv: Kv<T>, cut: Cut): Kv<T> {
  const call = async <V>(run: () => Promise<Result<V, KvError>>): Promise<Result<V, KvError>> => {
    cut.calls += 1;
    if (cut.calls > cut.at || (cut.calls === cut.at && cut.when === 'before')) return err(KILLED);
    const result = await run();
    return cut.calls >= cut.at ? err(KILLED) : result;
  };
  return {
    ...kv,
    read: (reads) => call(() => kv.read(reads)),
    transact: (reads, body, durability, guess) => call(() => kv.transact(reads, body, durability, guess)),
  };
}

export const START: BringPosition = { seq: null, after: null, done: 0 };

/**
 * Brings `from` along into `into` from `start` on. `onKept` is called each time the position has been kept; with `cut` the
 * way ends there. Gives the last position that was kept, and whether it is at its end.
 */
export async function bring(
  from: MemoryWorkspace,
  into: MemoryWorkspace,
  {
    start = START,
    cut,
    onKept,
  }: { readonly start?: BringPosition; readonly cut?: Cut; readonly onKept?: () => Promise<void> } = {},
): Promise<{ readonly position: BringPosition; readonly isDone: boolean }> {
  let position = start;
  const within = cut ?? { calls: 0, at: Number.POSITIVE_INFINITY, when: 'before' };
  const result = await bringAlong(
    {
      from: { kv: cutKv(from.context.kv, within), row: from.row },
      into: { ...into.context, kv: cutKv(into.context.kv, within) },
      carryBlobs: async () => ({ ok: true, value: [] }),
      async keep({ total: _, ...next }) {
        within.calls += 1;
        if (within.calls >= within.at && within.when === 'before') return err(KILLED);
        position = next;
        if (within.calls >= within.at) return err(KILLED);
        await onKept?.();
        return { ok: true, value: true };
      },
    },
    start,
  );
  if (!result.ok) return { position, isDone: false };
  if (result.value.type === 'stopped') throw new Error('stopped');
  return { position: { ...position, after: null, seq: result.value.seq }, isDone: true };
}
