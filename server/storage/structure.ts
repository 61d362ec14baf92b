import type SqliteDatabase from 'better-sqlite3';

const MAX_PROBLEMS = 20;

/** The accounts that were deleted: of them nothing need be whole. None in a database of an older server. */
export function deletedAccounts(database: SqliteDatabase.Database): ReadonlySet<string> {
  const columns = database.prepare<[], string>(`select name from pragma_table_info('accounts')`).pluck().all();
  if (!columns.includes('deleted_at')) return new Set();
  return new Set(database.prepare<[], string>('select id from accounts where deleted_at is not null').pluck().all());
}

interface Counted {
  readonly seq: number;
  readonly versions: number;
  readonly last: number | null;
}

/**
 * What is wrong with the structure of the database, in words; nothing where it is sound. Reads the whole file, not the
 * bodies' hashes. `full` also compares every index with its table. Never throws: a database that cannot be read is damaged.
 */
export function findDamage(database: SqliteDatabase.Database, { full = false } = {}): readonly string[] {
  const problems: string[] = [];
  const collect = (read: () => void) => {
    try {
      read();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  };
  collect(() => {
    const rows = database.pragma(`${full ? 'integrity_check' : 'quick_check'}(${MAX_PROBLEMS})`) as Record<string, string>[];
    problems.push(...rows.flatMap((row) => Object.values(row)).filter((text) => text !== 'ok'));
  });
  collect(() => {
    const deleted = deletedAccounts(database);
    const all = database.prepare<[], { id: string; seq: number }>('select id, seq from accounts').all();
    const accounts = all.filter(({ id }) => !deleted.has(id));
    const count = database.prepare<[string], Counted>(
      'select count(*) as versions, max(seq) as last from versions where account_id = ?',
    );
    for (const { id, seq } of accounts) {
      const { versions, last } = count.get(id) ?? { versions: 0, last: null };
      if (versions !== seq || (last ?? 0) !== seq)
        problems.push(`account ${id}: its log has ${versions} of ${seq} versions, the last one is ${last ?? 'none'}`);
    }
  });
  return problems.slice(0, MAX_PROBLEMS);
}
