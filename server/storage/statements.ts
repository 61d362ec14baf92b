import { CompiledQuery, type InsertQueryBuilder, type Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** SQL texts by what they insert, for as long as the storage is open. */
export type Statements = Map<string, string>;

type Value = string | number | null;

/**
 * Runs an insert of many rows. Kysely makes a tree of every value and compiles it again each time, a fifth of the processor
 * time of a large push (measured); the text is the same for the same number of rows, so it is made once and gets the values
 * directly. `rows` have their columns in one order.
 */
export async function insertRows<T extends keyof Tables & string, R extends { readonly [column: string]: Value }>(
  db: Kysely<Tables>,
  statements: Statements,
  table: T,
  rows: readonly R[],
  build: (rows: readonly R[]) => InsertQueryBuilder<Tables, T, unknown>,
): Promise<void> {
  const name = `${table}/${rows.length}`;
  const parameters = rows.flatMap((row) => Object.values(row));
  let text = statements.get(name);
  if (text === undefined) {
    const compiled = build(rows).compile();
    if (compiled.parameters.length !== parameters.length)
      throw new Error(`an insert into ${table} has other parameters than its rows`);
    text = compiled.sql;
    statements.set(name, text);
  }
  await db.executeQuery(CompiledQuery.raw(text, parameters));
}
