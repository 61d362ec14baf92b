/** A backup, opened for a restore or a download. */

import { type BackupRecord, readRecord } from '#backup/format/record.ts';
import type { Json } from '#core/json.ts';
import { Failure } from './failure.ts';
import type { Manifest, PartEntry } from './manifest.ts';
import { openLine } from './open-line.ts';
import { partPath, readTexts, sumCounts, sumRecords } from './parts.ts';
import type { Place } from './place.ts';

/** So many parts are on their way at once: each waits for the disk and for what unpacks it, a quarter of a megabyte at most. */
const AHEAD = 8;

export interface OpenBackup {
  readonly manifest: Manifest;
  /**
   * The lines of all records, in the order of their keys, read part by part. A part that is damaged or missing is a `Failure`: with `onDamaged` it is named
   * instead, and left out.
   */
  lines(onDamaged?: (hash: string) => void): AsyncGenerator<string>;
  /** The same as records. One that this app cannot read is left out, and its line given to `onFault`. */
  records(options?: {
    readonly onDamaged?: (hash: string) => void;
    readonly onFault?: (line: string) => void;
  }): AsyncGenerator<BackupRecord>;
}

/** What a backup is without these parts of it. */
export function withoutParts(manifest: Manifest, hashes: ReadonlySet<string>): Manifest {
  const parts = manifest.parts.filter(({ hash }) => !hashes.has(hash));
  return { ...manifest, parts, records: sumRecords(parts), counts: sumCounts(parts) };
}

/** Keep it from being removed meanwhile: `pin`. */
export function openBackup(place: Place, manifest: Manifest): OpenBackup {
  const readOne = (part: PartEntry) => place.read(partPath(part.hash)).then((blob) => readTexts(blob, part));

  async function* lines(onDamaged?: (hash: string) => void): AsyncGenerator<string> {
    const ahead: ReturnType<typeof readOne>[] = [];
    for (const [at, part] of manifest.parts.entries()) {
      for (const next of manifest.parts.slice(at + ahead.length, at + AHEAD)) {
        const reading = readOne(next);
        // Heard of in its turn, if whoever reads comes to it.
        reading.catch(() => {});
        ahead.push(reading);
      }
      const read = await (ahead.shift() ?? readOne(part));
      if (read.ok) for (const text of read.value) yield openLine(text);
      else if (onDamaged) onDamaged(part.hash);
      else throw new Failure({ type: 'BackupDamaged' });
    }
  }
  return {
    manifest,
    lines,
    async *records({ onDamaged, onFault } = {}) {
      for await (const line of lines(onDamaged)) {
        const record = readRecord(JSON.parse(line) as Json);
        if (record.ok) yield record.value;
        else onFault?.(line);
      }
    },
  };
}
