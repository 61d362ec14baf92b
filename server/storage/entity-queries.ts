import { type Kysely, sql } from 'kysely';
import { inBatches } from '#core/batches.ts';
import { type EntityKey, keyText } from '#core/entity-key.ts';
import type { AccountId } from '#core/ids.ts';
import { MAX_LINEAGE } from '#core/lineage.ts';
import type { RemoteEntity } from '#core/protocol.ts';
import { insertRows, type Statements } from './statements.ts';
import { type Head, KEPT_BODIES, type NewVersion, type StorageReader, type StorageWriter } from './storage.ts';
import type { EntitiesTable, Tables } from './tables.ts';

type Reads = Pick<
  StorageReader,
  | 'opAt'
  | 'appliedOps'
  | 'heads'
  | 'headsAfter'
  | 'headsBefore'
  | 'headsByKey'
  | 'versionsAt'
  | 'keptVersions'
  | 'lineages'
  | 'contained'
>;

/** Seqs named in one SELECT. */
const SEQS_PER_SELECT = 1000;

/** Rows per INSERT: 15 columns each stay far below SQLite's 32,766 parameters. */
const ROWS_PER_INSERT = 100;

export const headColumns = [
  'entities.kind',
  'entities.id',
  'entities.version',
  'entities.rev',
  'entities.seq',
  'entities.hash',
  'entities.deleted',
  'entities.bytes',
] as const;

/** What an append also does to what is kept beside the log. */
interface Upkeep {
  readonly follow: (accountId: AccountId, versions: readonly NewVersion[]) => Promise<void>;
  readonly eraseBodies: (accountId: AccountId, key: EntityKey, above: number, until: number) => Promise<void>;
}

/** The queries over versions and heads, within one transaction. */
export function entityQueries(
  db: Kysely<Tables>,
  statements: Statements,
  { follow, eraseBodies }: Upkeep,
): Reads & Pick<StorageWriter, 'append'> {
  const headsOf = (accountId: AccountId) => db.selectFrom('entities').select(headColumns).where('account_id', '=', accountId);

  return {
    async opAt(accountId, seq) {
      const row = await db
        .selectFrom('versions')
        .select('op_id')
        .where('account_id', '=', accountId)
        .where('seq', '=', seq)
        .executeTakeFirst();
      return row?.op_id;
    },

    async appliedOps(accountId, opIds) {
      if (opIds.length === 0) return [];
      const rows = await db
        .selectFrom('versions')
        .select(['op_id', 'kind', 'id', 'rev', 'seq', 'hash', 'deleted', 'blobs', 'accepted_at'])
        .where('account_id', '=', accountId)
        .where('op_id', 'in', opIds)
        .execute();
      return rows.map((row) => ({
        opId: row.op_id,
        kind: row.kind,
        id: row.id,
        rev: row.rev,
        seq: row.seq,
        hash: row.hash,
        deleted: row.deleted === 1,
        blobs: readBlobs(row.blobs),
        acceptedAt: row.accepted_at,
      }));
    },

    async heads(accountId, keys) {
      const found: Head[] = [];
      for (const [kind, ids] of idsByKind(keys)) {
        const rows = await headsOf(accountId).where('kind', '=', kind).where('id', 'in', ids).execute();
        found.push(...rows.map(toHead));
      }
      return found.sort((a, b) => a.seq - b.seq);
    },
    async headsAfter(accountId, seq, limit) {
      return (await headsOf(accountId).where('seq', '>', seq).orderBy('seq').limit(limit).execute()).map(toHead);
    },
    async headsBefore(accountId, seq, limit) {
      return (await headsOf(accountId).where('seq', '<', seq).orderBy('seq', 'desc').limit(limit).execute()).map(toHead);
    },
    async headsByKey(accountId, after, limit) {
      let query = headsOf(accountId).orderBy('kind').orderBy('id').limit(limit);
      if (after) query = query.where(sql<boolean>`(kind, id) > (${after.kind}, ${after.id})`);
      return (await query.execute()).map(toHead);
    },

    async versionsAt(accountId, seqs) {
      if (seqs.length === 0) return [];
      const rows = await db
        .selectFrom('versions')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('seq', 'in', seqs)
        .execute();
      const bySeq = new Map(
        rows.map((row): [number, RemoteEntity] => [
          row.seq,
          {
            kind: row.kind,
            id: row.id,
            v: row.v,
            version: row.op_id,
            rev: row.rev,
            seq: row.seq,
            lastUpdated: row.last_updated,
            deviceId: row.device_id,
            deleted: row.deleted === 1,
            body: row.body,
            hash: row.hash,
            acceptedAt: row.accepted_at,
          },
        ]),
      );
      return seqs.flatMap((seq) => bySeq.get(seq) ?? []);
    },

    async keptVersions(accountId, { kind, id }) {
      return (
        db
          .selectFrom('versions')
          .select(['op_id as version', 'seq', 'hash', 'bytes'])
          .where('account_id', '=', accountId)
          .where('kind', '=', kind)
          .where('id', '=', id)
          // Only a tombstone has no body; others without one were erased.
          .where((where) => where.or([where('body', 'is not', null), where('deleted', '=', 1)]))
          .orderBy('rev', 'desc')
          .limit(KEPT_BODIES)
          .execute()
      );
    },

    async lineages(accountId, heads, most = MAX_LINEAGE, since = 0) {
      const lineages = new Map<string, string[]>(heads.map((head) => [head.version, []]));
      const changed = heads.filter((head) => head.rev > 1 && head.seq > since + 1).map((head) => head.seq);
      for (const seqs of inBatches(changed, SEQS_PER_SELECT)) {
        const rows = await db
          .selectFrom('entities')
          .innerJoin('versions', (join) =>
            join
              .onRef('versions.account_id', '=', 'entities.account_id')
              .onRef('versions.kind', '=', 'entities.kind')
              .onRef('versions.id', '=', 'entities.id')
              .onRef('versions.rev', '<', 'entities.rev')
              .on((on) => on('versions.rev', '>=', on('entities.rev', '-', most))),
          )
          .select(['entities.version', 'versions.op_id'])
          .where('entities.account_id', '=', accountId)
          .where('entities.seq', 'in', seqs)
          // The sum keeps SQLite from reading the log from there on, instead of each entity's own versions.
          .where(sql<boolean>`versions.seq + 0 > ${since}`)
          .orderBy('entities.seq')
          .orderBy('versions.rev')
          .execute();
        for (const row of rows) lineages.get(row.version)?.push(row.op_id);
      }
      return lineages;
    },

    async contained(accountId, { kind, id }) {
      const rows = await db
        .selectFrom('contained')
        .select('tails')
        .where('account_id', '=', accountId)
        .where('kind', '=', kind)
        .where('id', '=', id)
        .orderBy('rev')
        .execute();
      return rows.map(({ tails }) => tails).join('');
    },

    async append(accountId, versions, usedBytes) {
      const last = versions.at(-1);
      if (!last) return;
      for (const rows of inBatches(versions, ROWS_PER_INSERT)) {
        await insertRows(
          db,
          statements,
          'versions',
          rows.map((version) => toVersionRow(accountId, version)),
          (values) => db.insertInto('versions').values(values),
        );
      }
      for (const { kind, id, rev, contains } of versions) {
        if (!contains) continue;
        await db.insertInto('contained').values({ account_id: accountId, kind, id, rev, tails: contains }).execute();
      }
      const heads = new Map(versions.map((version) => [keyText(version), version]));
      for (const rows of inBatches([...heads.values()], ROWS_PER_INSERT)) {
        await insertRows(
          db,
          statements,
          'entities',
          rows.map((version) => toEntityRow(accountId, version)),
          (values) =>
            db
              .insertInto('entities')
              .values(values)
              .onConflict((conflict) =>
                conflict.columns(['account_id', 'kind', 'id']).doUpdateSet((set) => ({
                  version: set.ref('excluded.version'),
                  rev: set.ref('excluded.rev'),
                  seq: set.ref('excluded.seq'),
                  hash: set.ref('excluded.hash'),
                  deleted: set.ref('excluded.deleted'),
                  bytes: set.ref('excluded.bytes'),
                })),
              ),
        );
      }
      for (const { kind, id, rev } of heads.values()) {
        if (rev <= KEPT_BODIES) continue;
        // The bodies before these were dropped by the pushes before this one.
        await eraseBodies(accountId, { kind, id }, rev - KEPT_BODIES - versions.length, rev - KEPT_BODIES);
      }
      await db
        .updateTable('accounts')
        .set({ seq: last.seq, last_op_id: last.version, used_bytes: usedBytes })
        .where('id', '=', accountId)
        .execute();
      await follow(accountId, versions);
    },
  };
}

function idsByKind(keys: readonly EntityKey[]): ReadonlyMap<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { kind, id } of keys) {
    const ids = groups.get(kind);
    if (ids) ids.push(id);
    else groups.set(kind, [id]);
  }
  return groups;
}

export const toHead = (row: Omit<EntitiesTable, 'account_id'>): Head => ({ ...row, deleted: row.deleted === 1 });

/** A list that the disk gives back as no list is an empty one: nothing is asked for again that cannot be named. */
function readBlobs(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

const toVersionRow = (accountId: AccountId, version: NewVersion) => ({
  account_id: accountId,
  seq: version.seq,
  op_id: version.version,
  kind: version.kind,
  id: version.id,
  rev: version.rev,
  v: version.v,
  device_id: version.deviceId,
  last_updated: version.lastUpdated,
  deleted: version.deleted ? 1 : 0,
  hash: version.hash,
  blobs: JSON.stringify(version.blobs),
  accepted_at: version.acceptedAt,
  bytes: version.bytes,
  body: version.body,
});

const toEntityRow = (accountId: AccountId, version: NewVersion) => ({
  account_id: accountId,
  kind: version.kind,
  id: version.id,
  version: version.version,
  rev: version.rev,
  seq: version.seq,
  hash: version.hash,
  deleted: version.deleted ? 1 : 0,
  bytes: version.bytes,
});
