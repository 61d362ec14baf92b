/**
 * Restores of other devices on their way to this one. Before the first change of one is taken in, a copy of how things are is kept, where a page is open that
 * can make it in time; and the page says so to the person, with the way to that copy.
 */

import { type BackupNews, backupChannel, openLock } from '#core/channels.ts';
import { readFields } from '#core/entity.ts';
import type { KvError } from '#core/errors.ts';
import type { Channel, Clock, Kv, Locks } from '#core/ports.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import type { RestoreElsewhere } from '#core/restores.ts';
import { ok, type Result } from '#core/result.ts';
import { bulkRestore } from '#entities/bulk-restore.ts';
import { asSync, type StoreContext, SYNC } from '#store/schema/context.ts';
import { metaFamily } from '#store/schema/meta-family.ts';
import type { ComingRow } from '#store/schema/restore-meta-rows.ts';
import { LIVE, type WorkspaceTables } from '#store/schema/schema.ts';
import { positionOf } from '#store/schema/sync-row.ts';

const KIND = bulkRestore.kind;
const { keyOf, idOf, asRow: asComing, all } = metaFamily('coming/');
const entitiesOf = (ids: readonly string[]) => ({ getMany: 'entities', keys: ids.map((id) => [KIND, id] as const) }) as const;

/** The sync waits for a copy no longer than this. */
const PATIENCE_MS = 20_000;
/** An older one is no news. */
const NEWS_MS = 30 * 24 * 3_600_000;
const MAX_READ = 200;

/**
 * Notes the restores of other devices that these changes are the beginning of, before any of them is taken in. Gives those of which a copy is wanted: none
 * where this device has yet to get what the account holds.
 */
export async function noteComing(
  context: StoreContext,
  changes: readonly RemoteEntity[],
): Promise<Result<readonly string[], KvError>> {
  const found = changes.filter(({ kind, deleted, deviceId }) => kind === KIND && !deleted && deviceId !== context.deviceId);
  if (found.length === 0) return ok([]);
  const ids = found.map(({ id }) => id);
  return context.kv.transact(
    { sync: SYNC, entities: entitiesOf(ids), known: { getMany: 'meta', keys: ids.map(keyOf) } },
    ({ sync, entities, known }) => {
      if (positionOf(asSync(sync)).since === 0) return { writes: [], value: [] };
      const rows = found.flatMap(({ id, deviceId }, at): readonly ComingRow[] => {
        if (entities[at]) return [];
        return [asComing(known[at]) ?? { key: keyOf(id), deviceId, at: context.clock.now(), copy: null, putAway: false }];
      });
      return { writes: rows.map((row) => ({ put: 'meta', row }) as const), value: rows.filter(({ copy }) => !copy).map(idOf) };
    },
  );
}

/** Asks the pages of the workspace for a copy, and waits until there is one, for a time. At once where no page is open. */
export async function askForCopies(
  { locks, clock, openChannel }: { readonly locks: Locks; readonly clock: Clock; readonly openChannel: OpenChannel },
  workspaceId: string,
  ids: readonly string[],
): Promise<void> {
  const nobody = await locks.hold(openLock(workspaceId), async () => true, { ifAvailable: true });
  if (nobody) return;
  const news = openChannel<BackupNews>(backupChannel(workspaceId));
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.setTimer(PATIENCE_MS, resolve);
  const stop = news.onMessage((message) => {
    if (message.type === 'copies-kept' && ids.every((id) => message.ids.includes(id))) resolve();
  });
  news.post({ type: 'restore-coming', ids });
  await promise;
  cancel();
  stop();
  news.close();
}

type OpenChannel = <M>(name: string) => Channel<M> & { close(): void };

/** Of these, those that have begun to be taken in neither here nor anywhere else, and of which there is no copy yet. */
export async function wantedCopies(kv: Kv<WorkspaceTables>, ids: readonly string[]): Promise<Result<readonly string[], KvError>> {
  const found = await kv.read({ entities: entitiesOf(ids), rows: { getMany: 'meta', keys: ids.map(keyOf) } });
  if (!found.ok) return found;
  const { entities, rows } = found.value;
  return ok(ids.filter((_id, at) => !entities[at] && asComing(rows[at])?.copy === null));
}

/** That backup was made of how things were before these: those of which that is still true are noted with it. */
export function noteCopy(kv: Kv<WorkspaceTables>, ids: readonly string[], copy: string): Promise<Result<void, KvError>> {
  return kv.transact({ entities: entitiesOf(ids), rows: { getMany: 'meta', keys: ids.map(keyOf) } }, ({ entities, rows }) => {
    const noted = rows.flatMap((one, at) => {
      const row = asComing(one);
      return row && !entities[at] ? [{ put: 'meta', row: { ...row, copy } } as const] : [];
    });
    return { writes: noted, value: undefined };
  });
}

/** Those that the person has not put away, the newest first. */
export async function restoresElsewhere({
  kv,
  clock,
}: Pick<StoreContext, 'kv' | 'clock'>): Promise<Result<readonly RestoreElsewhere[], KvError>> {
  const listed = await kv.read({ rows: { ...all, reverse: true, limit: MAX_READ } });
  if (!listed.ok) return listed;
  const rows = listed.value.rows
    .flatMap((row) => asComing(row) ?? [])
    .filter((row) => !row.putAway && clock.now() - row.at < NEWS_MS);
  const found = await kv.read({ entities: entitiesOf(rows.map(idOf)) });
  if (!found.ok) return found;
  return ok(
    rows.flatMap((row, at): readonly RestoreElsewhere[] => {
      const entity = found.value.entities[at];
      if (!entity || entity.place !== LIVE) return [];
      const { deviceId, copy } = row;
      const { madeAt, at: begunAt, changed, undone } = readFields(bulkRestore, entity.fields);
      return [{ id: idOf(row), deviceId, madeAt, at: begunAt, changed, undone, copy }];
    }),
  );
}

/** The person has read it. */
export function putAwayRestore({ kv }: Pick<StoreContext, 'kv'>, id: string): Promise<Result<void, KvError>> {
  return kv.transact({ row: { get: 'meta', key: keyOf(id) } }, ({ row }) => {
    const coming = asComing(row);
    return { writes: coming ? [{ put: 'meta', row: { ...coming, putAway: true } }] : [], value: undefined };
  });
}
