/** Since when backups of a workspace fail: kept with it, so that it is known after a restart. */
import type { BackupFailure } from '#core/backup-places.ts';
import type { KvError } from '#core/errors.ts';
import type { Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { WorkspaceTables } from '#store/schema/schema.ts';

const ROW = { get: 'meta', key: 'backups' } as const;

export async function readBackupFailure(kv: Kv<WorkspaceTables>): Promise<Result<BackupFailure | null, KvError>> {
  const found = await kv.read({ row: ROW });
  if (!found.ok) return found;
  return ok(found.value.row?.key === 'backups' ? found.value.row.failure : null);
}

export const writeBackupFailure = (kv: Kv<WorkspaceTables>, failure: BackupFailure | null): Promise<Result<void, KvError>> =>
  kv.transact({}, () => ({ writes: [{ put: 'meta', row: { key: 'backups', failure } }], value: undefined }), 'relaxed');
