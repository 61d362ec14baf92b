/** Keeps records that come from elsewhere as a backup of this place: the parts first, the manifest when all of them have been found right. */
import type { BackupRecord } from '#backup/format/record.ts';
import type { BlobHash } from '#core/blobs.ts';
import { beginHash } from '#core/hash.ts';
import { idOfContent } from '#core/ids.ts';
import type { MakeBackupOptions } from './make-backup.ts';
import { fileOf, type Manifest, type PartEntry } from './manifest.ts';
import { comparePairs, createCutter, type KeptLine, partPath, sumCounts, sumRecords, toKeptLine } from './parts.ts';
import type { Place } from './place.ts';
import { createPartWriter, goOnUnless, rest, writeWhole } from './write-backup.ts';

/** Thrown where a record comes behind one that it belongs before: parts are made of sorted ones. */
export class OutOfOrder extends Error {}

export interface Bringing {
  /** Of the backup, as its source says. */
  readonly about: Pick<Manifest, 'app' | 'account' | 'workspace' | 'device' | 'madeAt' | 'localSeq' | 'lacking'> & {
    readonly from: NonNullable<Manifest['from']>;
  };
  /** In the order of their keys. */
  readonly records: AsyncIterable<BackupRecord>;
  /**
   * Called when all records have been read, with the blobs that they name and how many records there are: looks whether the source may be used,
   * brings these blobs, and gives their sizes, as far as they are known. What it throws ends it, and nothing is kept.
   */
  readonly complete: (named: readonly BlobHash[], records: number) => Promise<ReadonlyMap<BlobHash, number>>;
  /** Called under the lock of the place before the backup is listed, with its id. What it throws ends it, and nothing is kept. */
  readonly beforeList?: (id: string) => Promise<void>;
}

export interface PartsThere {
  /** All parts that lie in the place. */
  readonly all: ReadonlySet<string>;
  /** Those of them that are not known to be damaged. */
  readonly sound: ReadonlySet<string>;
}

/** Throws a `Failure`, `OutOfOrder`, and what `records` and `complete` throw. Then nothing of it is left. Under the lock of the place. */
export async function bringRecords(
  place: Place,
  there: PartsThere,
  { about, records, complete, beforeList }: Bringing,
  run: Pick<MakeBackupOptions, 'signal' | 'pause'>,
): Promise<Manifest> {
  const writer = createPartWriter(place, there.sound);
  const parts: PartEntry[] = [];
  const content = beginHash();
  const cutter = createCutter(async (part) => {
    content.update(part.text);
    parts.push(await writer.write(part));
    await rest(run);
  });
  let before: KeptLine | null = null;
  try {
    for await (const record of records) {
      const line = toKeptLine(record);
      if (before && comparePairs(before.key, line.key) >= 0) throw new OutOfOrder();
      before = line;
      await cutter.push(line);
    }
    await cutter.end();
    const hashes = [...new Set(parts.flatMap(({ blobs }) => blobs))].sort();
    const count = sumRecords(parts);
    const sizes = await complete(hashes, count);
    goOnUnless(run.signal);
    const brought: Manifest = {
      format: 'holdfast-kept-backup',
      version: 1,
      ...about,
      // The same content of the same time is the same backup.
      id: idOfContent(content.end(), about.madeAt),
      reason: 'safety',
      database: null,
      records: count,
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
      counts: sumCounts(parts),
      shrunken: false,
      parts,
      blobs: hashes.map((hash) => ({ file: fileOf(hash), size: sizes.get(hash) ?? null })),
    };
    await beforeList?.(brought.id);
    await writeWhole(place, brought);
    return brought;
  } catch (error) {
    for (const hash of writer.written) if (!there.all.has(hash)) await place.remove(partPath(hash)).catch(() => {});
    throw error;
  }
}
