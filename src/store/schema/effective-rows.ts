import type { Kv, Read, Reads } from '#core/ports.ts';
import { ok } from '#core/result.ts';
import { effectiveRow } from './bulk-mark.ts';
import { asCounters, COUNTERS } from './context.ts';
import type { CountersRow, MetaRow } from './meta-rows.ts';
import type { EntityRow, WorkspaceTables } from './schema.ts';

/** The name under which the counters are read where the caller has not asked for them. */
const HIDDEN = ' state';

type AnyReads = Reads<WorkspaceTables>;
type AnyRows = { readonly [name: string]: unknown };

const readsEntities = (read: Read<WorkspaceTables>): boolean =>
  ('get' in read && read.get === 'entities') ||
  ('getMany' in read && read.getMany === 'entities') ||
  ('list' in read && read.list === 'entities');

const isState = (read: Read<WorkspaceTables>): boolean => 'get' in read && read.get === 'meta' && read.key === COUNTERS.key;

/**
 * The workspace's database as the store sees it: entities as they are (`effectiveRow`), by the counters of the same
 * transaction. Whatever of the store reads a row to decide something reads it through this.
 */
export function withEffectiveRows(kv: Kv<WorkspaceTables>): Kv<WorkspaceTables> {
  const plan = (reads: AnyReads) => {
    const names = Object.keys(reads).filter((name) => readsEntities(reads[name] as Read<WorkspaceTables>));
    const known = Object.keys(reads).find((name) => isState(reads[name] as Read<WorkspaceTables>));
    if (names.length === 0) return null;
    const all: AnyReads = known === undefined ? { ...reads, [HIDDEN]: COUNTERS } : reads;
    const view = (rows: AnyRows): AnyRows => {
      const state = asCounters(rows[known ?? HIDDEN] as MetaRow | undefined);
      if (!state.sending && !state.acked) return rows;
      return { ...rows, ...Object.fromEntries(names.map((name) => [name, effective(rows[name], state)])) };
    };
    return { all, view };
  };
  return {
    ...kv,
    async read(reads) {
      const planned = plan(reads);
      if (!planned) return kv.read(reads);
      const result = await kv.read(planned.all);
      return result.ok ? (ok(planned.view(result.value)) as never) : result;
    },
    async transact(reads, body, durability, guess) {
      const planned = plan(reads);
      if (!planned) return kv.transact(reads, body, durability, guess);
      // A guess is of rows as they were written. Without the counters it is none.
      const whole = planned.all === reads ? guess : undefined;
      return kv.transact(planned.all, (rows) => body(planned.view(rows) as never), durability, whole as never);
    },
  };
}

function effective(found: unknown, state: CountersRow): unknown {
  if (Array.isArray(found)) return found.map((row: EntityRow | undefined) => row && effectiveRow(row, state));
  return found === undefined ? undefined : effectiveRow(found as EntityRow, state);
}
