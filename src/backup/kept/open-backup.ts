/** A backup, opened for a restore or a download. */

import { type BackupRecord, readRecord } from '#backup/format/record.ts';
import type { Json } from '#core/json.ts';
import { Failure } from './failure.ts';
import type { Manifest } from './manifest.ts';
import { partPath, readTexts } from './parts.ts';
import type { Place } from './place.ts';

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

/** Keep it from being removed meanwhile: `pin`. */
export function openBackup(place: Place, manifest: Manifest): OpenBackup {
  async function* lines(onDamaged?: (hash: string) => void): AsyncGenerator<string> {
    for (const part of manifest.parts) {
      const read = await readTexts(await place.read(partPath(part.hash)), part);
      if (read.ok) for (const text of read.value) yield text;
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
