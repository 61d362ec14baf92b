/** The tables as Kysely knows them. Each column is created, and explained, in `migrations/`. */

export interface AccountsTable {
  readonly id: string;
  readonly key_hash: string;
  readonly epoch: string;
  readonly seq: number;
  readonly last_op_id: string | null;
  readonly used_bytes: number;
  readonly blob_bytes: number;
  readonly backup_bytes: number;
  readonly created_at: number;
  readonly login_name: string | null;
  readonly login_salt: string | null;
  readonly login_hash: string | null;
  readonly wrapped_key: string | null;
  readonly deleted_at: number | null;
  readonly erased_at: number | null;
}

export interface DevicesTable {
  readonly account_id: string;
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
  readonly last_seen_at: number;
  readonly revoked_at: number | null;
}

export interface TokensTable {
  readonly token_hash: string;
  readonly account_id: string;
  readonly device_id: string;
  readonly created_at: number;
}

export interface VersionsTable {
  readonly account_id: string;
  readonly seq: number;
  readonly op_id: string;
  readonly kind: string;
  readonly id: string;
  readonly rev: number;
  readonly v: number;
  readonly device_id: string;
  readonly last_updated: string;
  readonly deleted: number;
  readonly hash: string;
  readonly blobs: string;
  readonly accepted_at: number;
  readonly bytes: number;
  readonly body: string | null;
}

export interface EntitiesTable {
  readonly account_id: string;
  readonly kind: string;
  readonly id: string;
  readonly version: string;
  readonly rev: number;
  readonly seq: number;
  readonly hash: string;
  readonly deleted: number;
  readonly bytes: number;
}

export interface DigestsTable {
  readonly account_id: string;
  readonly seq: number;
  readonly entities: number;
  readonly sums: Uint8Array;
}

export interface PurgesTable {
  readonly account_id: string;
  readonly kind: string;
  readonly id: string;
  readonly purged_at: number;
}

export interface DamagesTable {
  readonly account_id: string;
  readonly seq: number;
}

export interface PulseTable {
  readonly id: number;
  readonly at: number;
}

export interface MigrationsTable {
  readonly name: string;
}

export interface ContainedTable {
  readonly account_id: string;
  readonly kind: string;
  readonly id: string;
  readonly rev: number;
  readonly tails: string;
}

export interface BlobsTable {
  readonly account_id: string;
  readonly hash: string;
  readonly bytes: number;
  readonly state: 'arriving' | 'complete' | 'removing';
  readonly created_at: number;
  readonly touched_at: number;
  readonly unreferenced_since: number | null;
  readonly is_body: number;
  readonly is_backup: number;
}

export interface BackupsTable {
  readonly account_id: string;
  readonly id: string;
  readonly manifest: string;
  readonly device_id: string;
  readonly made_at: number;
  readonly stored_at: number;
  readonly bytes: number;
  readonly blobs: string;
}

export interface Tables {
  readonly accounts: AccountsTable;
  readonly devices: DevicesTable;
  readonly tokens: TokensTable;
  readonly versions: VersionsTable;
  readonly entities: EntitiesTable;
  readonly digests: DigestsTable;
  readonly purges: PurgesTable;
  readonly damages: DamagesTable;
  readonly contained: ContainedTable;
  readonly blobs: BlobsTable;
  readonly backups: BackupsTable;
  readonly pulse: PulseTable;
  readonly migrations: MigrationsTable;
}
