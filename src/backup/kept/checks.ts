/** What is noted beside the backups of a place: when each was checked, what was damaged then, and what must stay. Without it no backup is lost. */
import * as v from 'valibot';
import type { DamagedPart } from '#core/backups.ts';
import { time } from './manifest.ts';
import type { Place } from './place.ts';
import { readNotes, writeNotes } from './place-notes.ts';

export interface Check {
  /** When all of it was last read, wall time in ms; null where it was not since it was made. */
  readonly checkedAt: number | null;
  readonly damaged: readonly DamagedPart[];
  /** It is not removed by itself before that time, wall time in ms; null: at no time. Absent where nobody has said so. */
  readonly keepUntil?: number | null;
  /** The person has said that the state in it is meant, though much is gone from it. */
  readonly accepted?: boolean;
}

export type Checks = { readonly [id: string]: Check };

const PATH = 'checks.json';
/** Characters. What is longer is written without the names in damaged parts. */
const MAX_NAMES_LENGTH = 4_000_000;
const key = v.tuple([v.string(), v.string()]);
const shape = v.record(
  v.string(),
  v.object({
    checkedAt: v.nullable(time),
    damaged: v.array(
      v.object({
        hash: v.string(),
        from: key,
        to: v.nullable(key),
        records: v.number(),
        entities: v.array(v.object({ kind: v.string(), id: v.string(), title: v.string() })),
      }),
    ),
    keepUntil: v.exactOptional(v.nullable(time)),
    accepted: v.exactOptional(v.boolean()),
  }),
);
const NONE: Check = { checkedAt: null, damaged: [] };

/** What is not there, or cannot be read, says nothing. */
export const readChecks = async (place: Place): Promise<Checks> => (await readNotes(place, PATH, shape)) ?? {};

export const checkOf = (checks: Checks, id: string): Check => (Object.hasOwn(checks, id) && checks[id]) || NONE;

/** Under the lock of the place. Notes about backups that are not in `ids` go. */
export async function writeChecks(place: Place, checks: Checks, ids: readonly string[]): Promise<void> {
  const kept = Object.fromEntries(Object.entries(checks).filter(([id]) => ids.includes(id)));
  const size = JSON.stringify(kept).length;
  await writeNotes(place, PATH, size < MAX_NAMES_LENGTH ? kept : withoutNames(kept));
}

/** Which entities were in a damaged part is found again by the next check; what must stay is said here alone. */
const withoutNames = (checks: Checks): Checks =>
  Object.fromEntries(
    Object.entries(checks).map(([id, check]) => [
      id,
      { ...check, damaged: check.damaged.map((part) => ({ ...part, entities: [] })) },
    ]),
  );
