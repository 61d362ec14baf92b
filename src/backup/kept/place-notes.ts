/** Notes in a place, beside its backups. Without them no backup is lost: what is not there, or cannot be read, says nothing. */
import * as v from 'valibot';
import { Failure } from './failure.ts';
import type { Place } from './place.ts';

/** Far more than is ever written. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Null where there is nothing that can be read. Throws the `Failure` of a place that does not answer. */
export async function readNotes<V>(place: Place, path: string, shape: v.GenericSchema<unknown, V>): Promise<V | null> {
  const file = await place.read(path);
  if (!file || file.size > MAX_BYTES) return null;
  try {
    const parsed = v.safeParse(shape, JSON.parse(await file.text()));
    return parsed.success ? parsed.output : null;
  } catch (error) {
    if (error instanceof Failure) throw error;
    return null;
  }
}

export const writeNotes = (place: Place, path: string, notes: unknown): Promise<void> =>
  place.write(path, new TextEncoder().encode(JSON.stringify(notes)));
