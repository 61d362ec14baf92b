import SqliteDatabase from 'better-sqlite3';
import type { NewerDatabase } from '#server/migrations/migrate.ts';

/** Why a database cannot be opened. It was left as it was. */
export type OpenError =
  | NewerDatabase
  /** SQLite's, but not made by this server. */
  | { readonly type: 'ForeignDatabase' }
  | { readonly type: 'NotADatabase' }
  /** `problems`: what a check found, in SQLite's words and ours. */
  | { readonly type: 'DamagedDatabase'; readonly problems: readonly string[] }
  /** The file or its folder may not be written. */
  | { readonly type: 'NotWritable'; readonly reason: string }
  | { readonly type: 'DiskFull' }
  /** Another program holds the database for itself. */
  | { readonly type: 'DatabaseBusy' };

/** The error of SQLite or of the file system as one of these; undefined for a bug. */
export function toOpenError(error: unknown): OpenError | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = error instanceof Error ? error.message : '';
  if (/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EISDIR|ENOENT)$/.test(code)) return { type: 'NotWritable', reason };
  if (code === 'ENOSPC') return { type: 'DiskFull' };
  if (!(error instanceof SqliteDatabase.SqliteError)) return undefined;
  if (code.startsWith('SQLITE_NOTADB')) return { type: 'NotADatabase' };
  if (/^SQLITE_(CORRUPT|IOERR_SHORT_READ|FORMAT)/.test(code)) return { type: 'DamagedDatabase', problems: [reason] };
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH|IOERR)/.test(code)) return { type: 'NotWritable', reason: `${reason} (${code})` };
  if (code === 'SQLITE_FULL') return { type: 'DiskFull' };
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code)) return { type: 'DatabaseBusy' };
  // "no such column" and the like while it is brought up: its tables are not what this server made.
  return { type: 'DamagedDatabase', problems: [reason] };
}

const MAX_PROBLEMS = 5;

/** What happened and what to do, a line each. `dataDir` is the folder of the database. */
export function explainOpenError(error: OpenError, dataDir: string): readonly string[] {
  const database = `The database in ${dataDir}`;
  switch (error.type) {
    case 'NewerDatabase':
      return [`${database} was made by a newer version of Holdfast (${error.unknown.join(', ')}). It was left as it was.`];
    case 'ForeignDatabase':
      return [`${database} was not made by Holdfast. It was left as it was.`, 'Set HOLDFAST_DATA_DIR to a folder of its own.'];
    case 'NotADatabase':
      return [
        `${dataDir}/holdfast.db is not a database, or its beginning is damaged. It was left as it was.`,
        ...whatToDoWithDamage(dataDir),
      ];
    case 'DamagedDatabase':
      return [
        `${database} is damaged. Nothing was taken from it or put into it.`,
        ...error.problems.slice(0, MAX_PROBLEMS).map((problem) => `  ${problem}`),
        ...whatToDoWithDamage(dataDir),
      ];
    case 'NotWritable':
      return [
        `${database} cannot be written: ${error.reason}`,
        'Give the user that runs this server the right to write the folder and the files in it, or set HOLDFAST_DATA_DIR.',
      ];
    case 'DiskFull':
      return [`The disk of ${dataDir} is full. Free some space and start again. Nothing was lost.`];
    case 'DatabaseBusy':
      return [`${database} is held by another program. End that program, or wait for it, and start again.`];
  }
}

/** Also said by a running server that finds the damage later. */
export function whatToDoWithDamage(dataDir: string): readonly string[] {
  return [
    'What to do:',
    `  1. Stop the server and keep a copy of ${dataDir} as it is.`,
    '  2. "npm start -- check" says what is damaged.',
    '  3. "npm start -- restore FILE" puts your last backup in its place. Without a backup, start with an empty folder.',
    '  4. Start the server: the devices bring back what they hold. See docs/recovery.md.',
  ];
}
