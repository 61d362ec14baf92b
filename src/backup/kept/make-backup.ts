/**
 * Makes a backup: the whole of a workspace as of one position of its database, in parts that it shares with the backup before it. Everything is
 * read in small transactions; what has changed meanwhile is read again, until one transaction has read all changes that there are.
 */

import { rowPages } from '#backup/row-pages.ts';
import type { RowReader, SourceRow } from '#core/backup-rows.ts';
import type { BackupProgress } from '#core/backups.ts';
import type { BlobHash } from '#core/blobs.ts';
import type { Ledger } from '#core/entity.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { StopSignal } from '#core/stop.ts';
import { take } from './failure.ts';
import { fileOf, type Manifest, type PartEntry } from './manifest.ts';
import { mayBeWhole, openLine } from './open-line.ts';
import {
  comparePairs,
  createCutter,
  type KeptLine,
  type PartContent,
  partPath,
  readPart,
  sumCounts,
  sumRecords,
} from './parts.ts';
import type { Place } from './place.ts';
import { toLine } from './to-line.ts';
import { createPartWriter, goOnUnless, rest, writeWhole } from './write-backup.ts';

/** So many code units of changed records are held in memory; what goes beyond them is written first. */
const HELD = 16 * 1024 * 1024;

export interface MakeBackupOptions {
  readonly place: Place;
  readonly rows: RowReader;
  readonly ledger: Ledger;
  /** The backup before it, of the same workspace; null where there is none. */
  readonly last: Manifest | null;
  /** The parts that lie in the place and are not known to be damaged. */
  readonly kept: ReadonlySet<string>;
  readonly about: Pick<Manifest, 'app' | 'id' | 'account' | 'workspace' | 'device' | 'madeAt' | 'reason'>;
  /** Whether these counts are so low that the person should be asked. */
  readonly isShrunken: (counts: Manifest['counts']) => boolean;
  /** Called when all parts are there: what else belongs to it is written before it counts. */
  readonly beforeList: (made: Manifest) => Promise<unknown>;
  readonly signal: StopSignal;
  /** Waited for after each transaction and each part: others come to their turn. */
  readonly pause: () => Promise<void>;
  readonly tell?: (progress: BackupProgress) => void;
}

/** Throws a `Failure`; `BackupStopped` where it was stopped. Then nothing of it is listed, and what was written is shared by the next one, or swept. */
export async function makeBackup(options: MakeBackupOptions): Promise<Manifest> {
  const { place, rows, last, about, isShrunken } = options;
  const start = take(await rows.state());
  const isSameDatabase = last !== null && last.database === start.database && last.localSeq <= start.localSeq;
  const maker = createMaker(options);
  let parts = isSameDatabase ? last.parts : await maker.readAll();
  let since = isSameDatabase ? last.localSeq : start.localSeq;
  for (let isLast = false; !isLast; ) {
    const changes = await maker.readChanges(since);
    ({ since, isLast } = changes);
    parts = await maker.merge(parts, changes.lines);
    if (maker.hasReadAgain()) isLast = false;
  }
  const counts = sumCounts(parts);
  const made: Manifest = {
    format: 'holdfast-kept-backup',
    version: 1,
    ...about,
    localSeq: since,
    database: start.database,
    records: sumRecords(parts),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    counts,
    shrunken: isShrunken(counts),
    parts,
    blobs: await nameBlobs(rows, last, parts),
  };
  await options.beforeList(made);
  goOnUnless(options.signal);
  await writeWhole(place, made);
  return made;
}

function createMaker(options: MakeBackupOptions) {
  const { place, rows, ledger, kept, last, tell } = options;
  /** Rows were read in the place of a part: they may be newer than the changes that were read before. */
  let hasReadAgain = false;
  let isAll = false;
  let done = 0;
  const { written, write } = createPartWriter(place, kept);
  const writePart = async (part: PartContent): Promise<PartEntry> => {
    const entry = await write(part);
    done += entry.records;
    // Of changes nobody knows how many parts they fall into.
    tell?.({ phase: 'backing-up', done, total: isAll ? (last?.records ?? null) : null });
    await rest(options);
    return entry;
  };
  const toLines = (page: readonly SourceRow[]): KeptLine[] => page.flatMap((row) => toLine(ledger, row) ?? []);

  const createParts = () => {
    const parts: PartEntry[] = [];
    const cutter = createCutter(async (part) => void parts.push(await writePart(part)));
    return { parts, cutter };
  };

  /** Every row from `from` on that is before `to`, page by page. */
  async function* readRange(from: KeyPair | null, to: KeyPair | null): AsyncGenerator<KeptLine> {
    for await (const page of rowPages(rows, { to, ...(from && { from }) })) {
      yield* toLines(page);
      await rest(options);
    }
  }

  return {
    /** Since it was asked last. */
    hasReadAgain() {
      const has = hasReadAgain;
      hasReadAgain = false;
      return has;
    },

    async readAll(): Promise<readonly PartEntry[]> {
      const { parts, cutter } = createParts();
      isAll = true;
      for await (const line of readRange(null, null)) await cutter.push(line);
      await cutter.end();
      isAll = false;
      return parts;
    },

    /** The newest state of what has changed since then, by key: null where there is nothing left of it. */
    async readChanges(from: number) {
      const lines = new Map<string, Change>();
      let held = 0;
      let since = from;
      for (;;) {
        const page = take(await rows.changed(since));
        for (const row of page.rows) {
          const key: KeyPair = [row.kind, row.id];
          const line = toLine(ledger, row);
          held += line?.text.length ?? 0;
          lines.set(`${row.kind}/${row.id}`, { key, line });
        }
        since = page.next;
        if (page.isLast || held > HELD) return { lines: sorted(lines.values()), since, isLast: page.isLast };
        await rest(options);
      }
    },

    /**
     * The same parts with these changes in them. A part that none falls into is named again, unless it may hold what is left out today. What
     * comes behind a change is cut anew until a part ends where one ended before: so the parts are those that the records alone decide, whatever was changed in which order.
     */
    async merge(before: readonly PartEntry[], changes: readonly Change[]): Promise<readonly PartEntry[]> {
      const { parts, cutter } = createParts();
      let next = 0;
      const takeUntil = (end: KeyPair | null): readonly Change[] => {
        const start = next;
        for (let one = changes[next]; one && (end === null || comparePairs(one.key, end) < 0); one = changes[++next]);
        return changes.slice(start, next);
      };
      for (const [at, part] of before.entries()) {
        const end = before[at + 1]?.first ?? null;
        const mine = takeUntil(end);
        if (
          cutter.isAtStart &&
          mine.length === 0 &&
          !mayBeWhole(part.counts) &&
          (kept.has(part.hash) || written.has(part.hash))
        ) {
          parts.push(part);
          continue;
        }
        for (const line of mergeLines(await linesOf(part, at === 0 ? null : part.first, end), mine)) await cutter.push(line);
      }
      for (const { line } of takeUntil(null)) if (line) await cutter.push(line);
      await cutter.end();
      return parts;
    },
  };

  /** What a part holds; where its place has it no more, or damaged, what the rows of its range hold now. */
  async function linesOf(part: PartEntry, from: KeyPair | null, to: KeyPair | null): Promise<readonly KeptLine[]> {
    const read =
      kept.has(part.hash) || written.has(part.hash) ? await readPart(await place.read(partPath(part.hash)), part) : null;
    if (read?.ok) return read.value.map((line) => ({ ...line, text: openLine(line.text) }));
    hasReadAgain = true;
    const lines: KeptLine[] = [];
    for await (const line of readRange(from, to)) lines.push(line);
    return lines;
  }
}

interface Change {
  readonly key: KeyPair;
  readonly line: KeptLine | null;
}

const sorted = (changes: Iterable<Change>): readonly Change[] => [...changes].sort((a, b) => comparePairs(a.key, b.key));

/** Both in the order of their keys; a change takes the place of the line with its key. */
function mergeLines(before: readonly KeptLine[], changes: readonly Change[]): readonly KeptLine[] {
  const merged: KeptLine[] = [];
  let at = 0;
  for (const { key, line } of changes) {
    for (let one = before[at]; one && comparePairs(one.key, key) < 0; one = before[++at]) merged.push(one);
    const same = before[at];
    if (same && comparePairs(same.key, key) === 0) at += 1;
    if (line) merged.push(line);
  }
  return [...merged, ...before.slice(at)];
}

/** What the parts name, with sizes: those that the last backup knew, and of the others what the database says. */
async function nameBlobs(rows: RowReader, last: Manifest | null, parts: readonly PartEntry[]): Promise<Manifest['blobs']> {
  const hashes: readonly BlobHash[] = [...new Set(parts.flatMap(({ blobs }) => blobs))].sort();
  const known = new Map(last?.blobs.map(({ file, size }) => [file, size]));
  const unknown = hashes.filter((hash) => (known.get(fileOf(hash)) ?? null) === null);
  const sizes = unknown.length === 0 ? [] : take(await rows.blobSizes(unknown));
  for (const [at, hash] of unknown.entries()) known.set(fileOf(hash), sizes[at] ?? null);
  return hashes.map((hash) => ({ file: fileOf(hash), size: known.get(fileOf(hash)) ?? null }));
}
