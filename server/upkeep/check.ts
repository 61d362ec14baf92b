import SqliteDatabase from 'better-sqlite3';
import type { OpId } from '#core/ids.ts';
import { manifestBuckets, toBuckets } from '#core/manifest-digest.ts';
import { sha256 } from '#server/secrets.ts';
import { deletedAccounts, findDamage } from '#server/storage/structure.ts';
import { createProgress } from './progress.ts';

/** Problems of one kind that are named; more are counted. */
const MAX_NAMED = 10;
const ROWS_PER_STEP = 1000;

interface VersionRow {
  readonly rowid: number;
  readonly account_id: string;
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  readonly hash: string;
  readonly deleted: number;
  readonly body: string | null;
  /** 1 where it is an entity's current version. */
  readonly current: number;
}

/** Reads the whole database, changes nothing, and prints what is wrong. 0: sound, 1: damaged, 2: it could not be read at all. */
export function check(path: string, { quick = false } = {}): 0 | 1 | 2 {
  let database: SqliteDatabase.Database | undefined;
  try {
    database = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
    // One snapshot for all of it, whatever the server writes meanwhile.
    database.exec('begin');
    const problems = quick ? findDamage(database) : findProblems(database);
    const sound = quick ? 'The structure is sound.' : 'All is sound.';
    print(problems.length === 0 ? [sound] : [`${path} is damaged:`, ...new Set(problems)]);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    const { code, message } = error instanceof SqliteDatabase.SqliteError ? error : { code: '', message: String(error) };
    const isDamage = /^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(code);
    print([`${path} cannot be read: ${message}.`, ...(isDamage ? ['It is damaged, or no database.'] : [])]);
    return isDamage ? 1 : 2;
  } finally {
    database?.close();
  }
}

/** Everything that is wrong, in words: structure, bodies, current versions, digests. */
export function findProblems(database: SqliteDatabase.Database): readonly string[] {
  const structure = findDamage(database, { full: true });
  const further = [checkBodies, checkHeads, checkDigests, checkSizes].flatMap((step) => {
    try {
      return step(database, deletedAccounts(database));
    } catch (error) {
      // What follows from a damaged structure is said there.
      return structure.length > 0 ? [] : [error instanceof Error ? error.message : String(error)];
    }
  });
  return [...structure, ...further];
}

function checkBodies(database: SqliteDatabase.Database): readonly string[] {
  const problems: string[] = [];
  const total = Number(database.prepare('select count(*) from versions').pluck().get());
  const progress = createProgress('Checking bodies', 'versions');
  const page = database.prepare<[number, number], VersionRow>(`
    select v.rowid, v.account_id, v.seq, v.kind, v.id, v.hash, v.deleted, v.body, e.seq is not null as current
    from versions v left join entities e on e.account_id = v.account_id and e.seq = v.seq
    where v.rowid > ? order by v.rowid limit ?`);
  let done = 0;
  for (let rows = page.all(-1, ROWS_PER_STEP); rows.length > 0; rows = page.all(rows.at(-1)?.rowid ?? 0, ROWS_PER_STEP)) {
    for (const row of rows) {
      // Without a body are tombstones, and older versions that were erased.
      const isErased = row.body === null && row.deleted === 0 && row.current === 0;
      const isSound = typeof (row.body ?? '') === 'string' && sha256(row.body ?? '') === row.hash;
      if (!isErased && !isSound) problems.push(`${nameVersion(row)}: its body does not match its hash`);
    }
    done += rows.length;
    progress(done, total);
  }
  return shorten(problems, 'bodies do not match their hashes; devices are asked for their copies when they are met');
}

interface HeadRow {
  readonly account_id: string;
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
}

function checkHeads(database: SqliteDatabase.Database, deleted: ReadonlySet<string>): readonly string[] {
  const differing = database
    .prepare<[], HeadRow>(
      `select e.account_id, e.seq, e.kind, e.id from entities e
       left join versions v on v.account_id = e.account_id and v.seq = e.seq
       where v.seq is null or v.op_id <> e.version or v.kind <> e.kind or v.id <> e.id or v.rev <> e.rev
         or v.hash <> e.hash or v.deleted <> e.deleted
         or exists (select 1 from versions n where n.account_id = e.account_id and n.kind = e.kind and n.id = e.id and n.rev = e.rev + 1)`,
    )
    .all();
  const missing = database
    .prepare<[], HeadRow>(
      `select v.account_id, v.seq, v.kind, v.id from versions v where v.rev = 1
       and not exists (select 1 from entities e where e.account_id = v.account_id and e.kind = v.kind and e.id = v.id)`,
    )
    .all();
  const isKept = ({ account_id }: HeadRow): boolean => !deleted.has(account_id);
  return [
    ...shorten(
      differing.filter(isKept).map((row) => `${nameVersion(row)}: its current version is not the last one of the log`),
      'entities differ from the log',
    ),
    ...shorten(
      missing.filter(isKept).map((row) => `${nameVersion(row)}: it is in the log and nowhere else`),
      'entities are missing',
    ),
  ];
}

function checkDigests(database: SqliteDatabase.Database, deleted: ReadonlySet<string>): readonly string[] {
  const hasDigests = database.prepare(`select 1 from sqlite_master where name = 'digests'`).get() !== undefined;
  if (!hasDigests) return [];
  const digests = database
    .prepare<[], { account_id: string; entities: number; sums: Uint8Array }>(
      'select d.account_id, d.entities, d.sums from digests d join accounts a on a.id = d.account_id and a.seq = d.seq',
    )
    .all();
  const heads = database.prepare<[string], { kind: string; id: string; version: OpId }>(
    'select kind, id, version from entities where account_id = ?',
  );
  const problems = digests.flatMap(({ account_id, entities, sums }) => {
    if (deleted.has(account_id)) return [];
    let count = 0;
    const counted = function* () {
      for (const head of heads.iterate(account_id)) {
        count += 1;
        yield head;
      }
    };
    const isSame = manifestBuckets(counted(), sha256).join() === toBuckets(sums).join();
    return isSame && count === entities ? [] : [`account ${account_id}: its digest is not that of its entities`];
  });
  return shorten(problems, 'digests are wrong');
}

function checkSizes(database: SqliteDatabase.Database, deleted: ReadonlySet<string>): readonly string[] {
  const rows = database
    .prepare<[], { id: string; used_bytes: number; bytes: number }>(
      `select a.id, a.used_bytes, coalesce((select sum(bytes) from entities e where e.account_id = a.id), 0) as bytes
       from accounts a`,
    )
    .all();
  return shorten(
    rows
      .filter(({ id, used_bytes, bytes }) => used_bytes !== bytes && !deleted.has(id))
      .map(({ id, used_bytes, bytes }) => `account ${id}: ${used_bytes} bytes are counted, ${bytes} are there`),
    'accounts are counted wrong',
  );
}

const nameVersion = ({ account_id, kind, id, seq }: HeadRow): string => `account ${account_id}, ${kind} ${id}, version ${seq}`;

/** The first of them, and how many there are. */
function shorten(problems: readonly string[], what: string): readonly string[] {
  if (problems.length === 0) return [];
  return [`${problems.length} ${what}:`, ...problems.slice(0, MAX_NAMED).map((problem) => `  ${problem}`)];
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
