/** The places of backups beside this device: kept with the workspace, since a folder that was picked is known to no other database. */
import { BACKUP_PACES, type BackupPace, type PlaceState, SERVER_PLACE } from '#core/backup-places.ts';
import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { BackupPlaceRow, MetaRow } from '#store/schema/meta-rows.ts';
import { HIGH, type WorkspaceTables } from '#store/schema/schema.ts';

const PREFIX = 'backup-place/';
/** Nobody has more. */
const MOST = 1000;

export const EMPTY_PLACE: PlaceState = {
  backups: 0,
  bytes: 0,
  last: null,
  mirroredAt: null,
  lastVerifiedAt: null,
  checkedAt: null,
  lackingFiles: 0,
};

/** What a place begins with. */
export const newPlaceRow = (
  about: Pick<BackupPlaceRow, 'id' | 'type' | 'name' | 'folder'>,
  pace: BackupPace = BACKUP_PACES[1],
): BackupPlaceRow => ({ key: `${PREFIX}${about.id}`, pace, isMirror: false, state: EMPTY_PLACE, failure: null, ...about });

/** In the order in which they were added: their ids begin with the time. */
export async function listPlaceRows(kv: Kv<WorkspaceTables>): Promise<Result<readonly BackupPlaceRow[], KvError>> {
  const found = await kv.read({ rows: { list: 'meta', lower: PREFIX, upper: `${PREFIX}${HIGH}`, limit: MOST } });
  return found.ok ? ok(found.value.rows.filter(isPlace).filter(({ isRemoved }) => !isRemoved)) : found;
}

/**
 * Has the account's server keep backups, once a day. By itself (`byPerson` false) only where this device has synced, and the person has not taken the server out before.
 */
export async function addServerRow(kv: Kv<WorkspaceTables>, byPerson: boolean): Promise<Result<void, KvError>> {
  const asked = { row: { get: 'meta', key: `${PREFIX}${SERVER_PLACE}` }, sync: { get: 'meta', key: 'sync' } } as const;
  type Found = { readonly [K in keyof typeof asked]: MetaRow | undefined };
  const isLacking = ({ row, sync }: Found): boolean => {
    const isKnown = row !== undefined && isPlace(row) && (!row.isRemoved || !byPerson);
    return !isKnown && (byPerson || (sync?.key === 'sync' && sync.lastSyncedAt !== null));
  };
  // Places are read again and again while somebody types: no save is to wait for a transaction that writes nothing.
  const before = await kv.read(asked);
  if (!before.ok || !isLacking(before.value)) return before.ok ? ok(undefined) : before;
  const added = newPlaceRow({ id: SERVER_PLACE, type: 'server', name: '' }, 'daily');
  return kv.transact(asked, (found) => ({ writes: isLacking(found) ? [{ put: 'meta', row: added }] : [], value: undefined }));
}

export const putPlaceRow = (kv: Kv<WorkspaceTables>, row: BackupPlaceRow): Promise<Result<void, KvError>> =>
  kv.transact({}, () => ({ writes: [{ put: 'meta', row }], value: undefined }));

/** Without effect where the place was removed meanwhile. */
export const updatePlaceRow = (
  kv: Kv<WorkspaceTables>,
  id: string,
  patch: Partial<Omit<BackupPlaceRow, 'key' | 'id' | 'type'>>,
): Promise<Result<void, KvError>> =>
  kv.transact({ row: { get: 'meta', key: `${PREFIX}${id}` } }, ({ row }) => ({
    writes: row && isPlace(row) ? [{ put: 'meta', row: { ...row, ...patch } }] : [],
    value: undefined,
  }));

export const removePlaceRow = (kv: Kv<WorkspaceTables>, id: string): Promise<Result<void, KvError>> =>
  id === SERVER_PLACE
    ? updatePlaceRow(kv, id, { isRemoved: true, failure: null })
    : kv.transact({}, () => ({ writes: [{ delete: 'meta', key: `${PREFIX}${id}` }], value: undefined }));

const isPlace = (row: { readonly key: string }): row is BackupPlaceRow => row.key.startsWith(PREFIX);
