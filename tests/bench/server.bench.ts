/** The server's side of sync: pushes until they are committed, against SQLite doing nothing but the same inserts. */
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { MAX_PUSH_OPS } from '#core/protocol.ts';
import { createServerWorld, expectOk, makeOp, makePull, makePush, openTestStorage } from '#support/server-world.ts';
import { makeFolder } from './browser-world.ts';
import { type Figure, median, round, sized, writeSection } from './report.ts';

type Rows = readonly Record<string, unknown>[];

const ROUNDS = sized(50, 10);
const WARM_UP = 3;

const folder = makeFolder('server');
const path = join(folder.path, 'holdfast.db');
const storage = await openTestStorage({ path });
const { api, accountId, deviceId } = await createServerWorld({ storage });
const body = JSON.stringify({ fields: { title: 'A note', text: 'word '.repeat(200) }, stamps: {} });

/** The server's own tables, in a database that nothing but SQLite writes: with its settings, on the same disk. */
const copyFile = join(folder.path, 'raw.db');
const raw = new SqliteDatabase(copyFile);
raw.pragma('journal_mode = WAL');
raw.pragma('synchronous = FULL');
// They name tables of accounts and devices, which are not compared.
raw.pragma('foreign_keys = OFF');
const source = new SqliteDatabase(path, { readonly: true });
const tables = source
  .prepare<[], { sql: string }>("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ('versions', 'entities')")
  .all();
for (const { sql } of tables) raw.exec(sql);

const insertInto = (table: string, row: Record<string, unknown>) =>
  raw.prepare(
    `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
      .map(() => '?')
      .join(', ')})`,
  );

/** The rows of the last `count` versions, as the server wrote them. */
const lastRows = (table: string, count: number): Rows =>
  source.prepare<[number], Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY seq DESC LIMIT ?`).all(count);

const pushOps = (count: number) => makePush(Array.from({ length: count }, () => makeOp({ body })));

/** One push by the API, then the rows that it made by SQLite alone, in one transaction each. */
async function compare(count: number): Promise<{ readonly ours: readonly number[]; readonly limit: readonly number[] }> {
  const ours: number[] = [];
  const limit: number[] = [];
  for (let turn = -WARM_UP; turn < ROUNDS; turn++) {
    const request = pushOps(count);
    const start = performance.now();
    expectOk(await api.push(accountId, deviceId, request));
    const pushed = performance.now();
    const [versions, entities] = [lastRows('versions', count), lastRows('entities', count)];
    const [intoVersions, intoEntities] = [insertInto('versions', versions[0] ?? {}), insertInto('entities', entities[0] ?? {})];
    const begin = performance.now();
    raw.exec('BEGIN IMMEDIATE');
    for (const row of versions) intoVersions.run(...Object.values(row));
    for (const row of entities) intoEntities.run(...Object.values(row));
    raw.exec('COMMIT');
    const end = performance.now();
    if (turn < 0) continue;
    ours.push(pushed - start);
    limit.push(end - begin);
  }
  return { ours, limit };
}

const batch = await compare(MAX_PUSH_OPS);
const single = await compare(1);
const pulls: number[] = [];
for (let turn = -WARM_UP; turn < ROUNDS; turn++) {
  const start = performance.now();
  expectOk(await api.pull(accountId, makePull({ cursor: 0, limit: 500 })));
  if (turn >= 0) pulls.push(performance.now() - start);
}

const pushOf = (count: number, samples: readonly number[]): Figure => {
  return {
    what: `push of ${count === 1 ? 'one op' : `${count} ops`}, checked, compared and committed`,
    durability: 'full',
    samples,
  };
};
const insertOf = (count: number, samples: readonly number[]): Figure => {
  return { what: `raw SQLite: the ${count * 2} rows of it in one transaction`, durability: 'full', samples };
};
const figures = [
  pushOf(MAX_PUSH_OPS, batch.ours),
  insertOf(MAX_PUSH_OPS, batch.limit),
  pushOf(1, single.ours),
  insertOf(1, single.limit),
  { what: 'pull of 500 changes', durability: '–', samples: pulls },
] as const;
const perSecond = (figure: Figure): number => (MAX_PUSH_OPS * 1000) / median(figure);
const share = perSecond(figures[0]) / perSecond(figures[1]);

writeSection({
  name: 'server',
  title: 'The server against SQLite',
  targets: [
    {
      what: `ops a second in pushes of ${MAX_PUSH_OPS}, against raw inserts of the same rows`,
      target: 'reported',
      measured: `${round(perSecond(figures[0]))} to ${round(perSecond(figures[1]))} (${round(share * 100)} %)`,
      met: true,
    },
  ],
  figures,
  notes: [
    'In one Node process, without HTTP; a database on disk, WAL, `synchronous = FULL`; bodies of about 1,000 characters.',
    'A push also checks each op and its hash, looks for ops that were applied before, compares versions and keeps the counter.',
  ],
});

raw.close();
source.close();
await storage.close();
folder.remove();
