/** Version 0: the ZIP that Holdfast wrote before there were backups, with `data/<kind>.json` in it. It can always be read. */
import type { ContentFault, Place } from '#core/backup-faults.ts';
import { BINNED_AT } from '#core/entity.ts';
import type { Json } from '#core/json.ts';
import { recordOf } from '#core/json-shape.ts';
import type { BackupHead } from './head.ts';
import { parseJsonPiece } from './json-form.ts';
import { createJsonSplitter, type JsonPiece } from './json-split.ts';
import type { ReadOptions } from './read-document.ts';
import { type BackupRecord, stampsAt } from './record.ts';
import { createRecordTaker } from './take-records.ts';
import { entrySource } from './zip-content.ts';
import type { Archive, ArchiveEntry, ArchiveLimits } from './zip-read.ts';

const DATA = /^data\/[a-z][a-z0-9-]{0,39}\.json$/;

/** Versions of the kinds that it was written with. It says none; of kinds that are not here there was only the first. */
const VERSIONS: { readonly [kind: string]: number } = {
  note: 2,
  chat: 3,
  message: 3,
  'chat-desk': 2,
  settings: 3,
  'device-settings': 3,
  layout: 5,
  conflict: 2,
};

const NOBODY = '00000000-0000-0000-0000-000000000000';

export const isOldExport = ({ entries }: Archive): boolean => entries.some(({ path }) => DATA.test(path));

const dataEntries = ({ entries }: Archive): readonly ArchiveEntry[] => entries.filter(({ path }) => DATA.test(path));

/** It says of itself no more than how many files are in it. */
export const oldHead = (files: number): BackupHead => ({
  format: 'holdfast-backup',
  version: 0,
  app: '',
  account: null,
  workspace: '',
  device: { id: NOBODY, name: '' },
  madeAt: '1970-01-01T00:00:00Z',
  localSeq: 0,
  counts: {},
  secrets: false,
  files,
});

/** The records of version 0: those of one entry after the other. */
export async function* readOldRecords(
  archive: Archive,
  { signal, recordBytes, onBytes }: Pick<ReadOptions, 'signal' | 'recordBytes' | 'onBytes'>,
  limits: ArchiveLimits,
  faults: ContentFault[],
): AsyncGenerator<BackupRecord, void> {
  const taker = createRecordTaker(faults);
  for (const entry of dataEntries(archive)) {
    const source = entrySource(entry, limits);
    const splitter = createOldSplitter(entry.path, recordBytes);
    const reader = source.stream().getReader();
    try {
      for (let done = false; !done; ) {
        signal.throwIfAborted();
        const chunk = await reader.read();
        done = chunk.done;
        onBytes(chunk.value?.length ?? 0);
        for (const item of chunk.done ? splitter.end() : splitter.push(chunk.value)) {
          if ('type' in item) faults.push(item);
          else {
            const record = taker.take(item.value, item.place);
            if (record) yield record;
          }
          if (taker.isOver()) return;
        }
      }
    } catch (error) {
      signal.throwIfAborted();
      faults.push(source.faultOf(error));
      return;
    } finally {
      await reader.cancel().catch(() => {});
    }
  }
}

/** What `data/<kind>.json` holds: values to be read as records (`readRecord`), and what is wrong. */
function createOldSplitter(path: string, limit: number) {
  const splitter = createJsonSplitter(limit, 'list');
  const read = (piece: JsonPiece | ContentFault): { readonly value: Json; readonly place: Place } | ContentFault => {
    const parsed = 'bytes' in piece ? parseJsonPiece(piece) : piece;
    if ('type' in parsed) return 'place' in parsed ? { ...parsed, place: { ...parsed.place, path } } : parsed;
    const place = 'bytes' in piece ? piece.place : undefined;
    return { value: toRecordValue(parsed.value), place: { offset: 0, line: 1, record: null, ...place, path } };
  };
  return {
    push: (bytes: Uint8Array) => splitter.push(bytes).map(read),
    end: () => splitter.end().map(read),
  };
}

/** An entry of version 0 as a record: all of its fields as old as its last edit. Anything else as it is: the reader of records refuses it. */
function toRecordValue(value: Json): Json {
  const { kind, id, place, updatedAt, fields } = recordOf(value) ?? {};
  const all = recordOf(fields);
  const ms = typeof updatedAt === 'string' ? Date.parse(updatedAt) : Number.NaN;
  if (typeof kind !== 'string' || typeof id !== 'string' || !all || !(ms >= 0)) return value;
  const isBinned = place === 'binned' && all[BINNED_AT] == null;
  const kept = (isBinned ? { ...all, [BINNED_AT]: ms } : all) as { readonly [field: string]: Json };
  const v = Object.hasOwn(VERSIONS, kind) ? (VERSIONS[kind] ?? 1) : 1;
  return { kind, id, v, fields: kept, stamps: stampsAt(ms, kept) };
}
