import { type ContentFault, endsReading, type Place } from '#core/backup-faults.ts';
import type { Json } from '#core/json.ts';
import { type BackupRecord, readRecord } from './record.ts';
import { isSecret, readSecret } from './secret-record.ts';
import { createSeenKeys } from './seen-keys.ts';

/** More faults are not listed one by one: a file with as many is another file. */
const MAX_FAULTS = 200;

export interface RecordTaker {
  /** The record of a value; null where it is none, or was there before: `faults` then says so. */
  take(value: Json, place: Place): BackupRecord | null;
  /** Whether nothing is to be read any more, by the last of the faults. */
  isOver(): boolean;
  /** How many records there are, by kind. */
  readonly found: ReadonlyMap<string, number>;
}

/** Takes the values of a file for its records, each entity once. What is wrong goes to `faults`, which others add to as well. */
export function createRecordTaker(faults: ContentFault[]): RecordTaker {
  const seen = createSeenKeys();
  const found = new Map<string, number>();
  return {
    found,
    take(value, place) {
      const read = readRecord(value);
      if (!read.ok) {
        faults.push({ ...read.error, place });
        return null;
      }
      if (isSecret(read.value) && !readSecret(read.value)) {
        faults.push({ type: 'BadMember', member: 'fields.key', place });
        return null;
      }
      const { kind, id } = read.value;
      if (!seen.add({ kind, id })) {
        faults.push({ type: 'DuplicateRecord', kind, id, place });
        return null;
      }
      found.set(kind, (found.get(kind) ?? 0) + 1);
      return read.value;
    },
    isOver() {
      const last = faults.at(-1);
      if (!last) return false;
      if (endsReading(last)) return true;
      if (faults.length < MAX_FAULTS || !('place' in last)) return false;
      faults.push({ type: 'TooManyFaults', place: last.place });
      return true;
    },
  };
}
