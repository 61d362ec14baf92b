/** What tests of backup files write and read. */
import type { DocumentForm } from '#backup/format/document.ts';
import type { BackupHead, KindCount } from '#backup/format/head.ts';
import { type DocumentSource, readDocumentHead, readRecords } from '#backup/format/read-document.ts';
import { type BackupRecord, compareKeys, recordLine } from '#backup/format/record.ts';
import { writeDocument } from '#backup/format/write-document.ts';
import type { ContentFault } from '#core/backup-faults.ts';
import type { Fields } from '#core/entity.ts';

export const aHead: BackupHead = {
  format: 'holdfast-backup',
  version: 1,
  app: '0.1.0',
  account: '01990000-0000-7000-8000-00000000000a',
  workspace: '01990000-0000-7000-8000-00000000000b',
  device: { id: '01990000-0000-7000-8000-00000000000c', name: 'Laptop' },
  madeAt: '2026-11-27T08:30:00.000Z',
  localSeq: 42,
  counts: {},
  secrets: false,
  files: 0,
};

const STAMP = '0mgq0f0a0-0000-0badcafe';

/** Record number `n` of a kind, with a stamp for each field. */
export const aRecord = (n: number, fields: Fields = { title: `Note ${n}` }, kind = 'note'): BackupRecord => ({
  kind,
  id: `01990000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
  v: 1,
  fields,
  stamps: Object.fromEntries(Object.keys(fields).map((field) => [field, STAMP])),
});

/** A head that counts these records. */
export function headOf(records: readonly BackupRecord[], more: Partial<BackupHead> = {}): BackupHead {
  const counts: { [kind: string]: KindCount } = {};
  for (const { kind, fields } of records) {
    const { live, binned } = counts[kind] ?? { live: 0, binned: 0 };
    counts[kind] = fields['binnedAt'] == null ? { live: live + 1, binned } : { live, binned: binned + 1 };
  }
  return { ...aHead, counts, ...more };
}

export async function* linesOf(records: readonly BackupRecord[]): AsyncGenerator<string> {
  for (const record of [...records].sort(compareKeys)) yield recordLine(record);
}

/** Everything that is written to a stream. */
export function collectBytes(): { readonly sink: WritableStream<Uint8Array>; readonly blob: () => Blob } {
  const parts: BlobPart[] = [];
  const sink = new WritableStream<Uint8Array>({ write: (bytes) => void parts.push(bytes.slice()) });
  return { sink, blob: () => new Blob(parts) };
}

export async function documentOf(
  form: DocumentForm,
  records: readonly BackupRecord[],
  more: Partial<BackupHead> = {},
): Promise<string> {
  const { sink, blob } = collectBytes();
  await writeDocument(form, headOf(records, more), linesOf(records), sink);
  return blob().text();
}

/** Bytes that come in chunks of `size`. */
export const inChunks = (bytes: Uint8Array, size: number): DocumentSource => ({
  stream: () =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    }),
  faultOf: (error) => ({ type: 'FileUnreadable', reason: String(error) }),
});

export interface ReadBack {
  /** Null where the document could not be opened: the fault is then the only one. */
  readonly head: BackupHead | null;
  readonly records: readonly BackupRecord[];
  readonly faults: readonly (ContentFault | { readonly type: string })[];
}

/** Reads a document whole. */
export async function readBack(
  form: DocumentForm,
  document: string | Uint8Array,
  { chunk = 1000, recordBytes = 1_000_000 } = {},
): Promise<ReadBack> {
  const bytes = typeof document === 'string' ? new TextEncoder().encode(document) : document;
  const source = inChunks(bytes, chunk);
  const options = { form, source, signal: new AbortController().signal, recordBytes, onBytes: () => {} };
  const head = await readDocumentHead(options);
  if (!head.ok) return { head: null, records: [], faults: [head.error] };
  const faults: ContentFault[] = [];
  const records: BackupRecord[] = [];
  for await (const record of readRecords(options, head.value, faults)) records.push(record);
  return { head: head.value, records, faults };
}
