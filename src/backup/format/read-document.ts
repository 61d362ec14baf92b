/** Reads a document, whether JSON or YAML: its head first, then its records one by one. Never more of it in memory than one record. */

import { type ContentFault, endsReading, type FileFault, type StreamFault, type TextFault } from '#core/backup-faults.ts';
import { beginHash } from '#core/hash.ts';
import { err, type Result } from '#core/result.ts';
import { type DocumentForm, type DocumentPiece, documentText } from './document.ts';
import { type BackupHead, readHead } from './head.ts';
import { type BackupRecord, readRecord, recordLine } from './record.ts';
import { createTailHash } from './tail-hash.ts';
import { createRecordTaker } from './take-records.ts';

/** The bytes of a document. They can be read again. */
export interface DocumentSource {
  stream(): ReadableStream<Uint8Array>;
  /** What an error of the stream means. */
  faultOf(error: unknown): StreamFault;
}

export interface ReadOptions {
  readonly form: DocumentForm;
  readonly source: DocumentSource;
  /** Stops it: what is read then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** The bytes that one record may have. */
  readonly recordBytes: number;
  /** Called with how many bytes each chunk has. */
  readonly onBytes: (bytes: number) => void;
}

/** The head of a document, wherever in it an editor has left it. */
export async function readDocumentHead(options: ReadOptions): Promise<Result<BackupHead, FileFault>> {
  let first: TextFault | null = null;
  for await (const item of eachPiece(options)) {
    if (!isPiece(item)) {
      if (!('place' in item) || endsReading(item)) return err(item);
      first ??= item;
    } else if (item.what === 'head') return readHead(item.value);
  }
  return err(first ?? { type: 'NotABackup' });
}

/**
 * The records of a document in the order in which they are in it. What is wrong goes to `faults`: a record that is, is left out. A fault that
 * ends reading (`endsReading`) is the last; what the document as a whole is compared with comes when all has been read.
 */
export async function* readRecords(
  options: ReadOptions,
  head: BackupHead,
  faults: ContentFault[],
): AsyncGenerator<BackupRecord, void> {
  const taker = createRecordTaker(faults);
  const hash = createTailHash();
  let checksum: Extract<DocumentPiece, { readonly what: 'checksum' }> | null = null;
  for await (const item of eachPiece(options, (bytes) => hash.push(bytes))) {
    if (!isPiece(item)) faults.push(item);
    else if (item.what === 'checksum') checksum = item;
    else if (item.what === 'record') {
      const record = taker.take(item.value, item.place);
      if (record) yield record;
    }
    if (taker.isOver()) return;
  }
  const isSound = faults.length === 0;
  faults.push(...compareCounts(head, taker.found));
  if (!checksum) faults.push({ type: 'ChecksumMissing' });
  else if (checksum.hash !== hash.end(checksum.before)) {
    // An editor that has laid it out in another way has changed nothing of what it says.
    if (!isSound || checksum.hash !== (await hashContent(options, head))) faults.push({ type: 'ChecksumDiffers' });
  }
}

/** What is in a document and in its head, by kind. */
function* compareCounts({ counts }: BackupHead, found: ReadonlyMap<string, number>): Generator<ContentFault> {
  for (const kind of new Set([...Object.keys(counts), ...found.keys()])) {
    const { live, binned } = (Object.hasOwn(counts, kind) ? counts[kind] : undefined) ?? { live: 0, binned: 0 };
    const said = live + binned;
    const there = found.get(kind) ?? 0;
    if (said !== there) yield { type: 'CountsDiffer', kind, said, found: there };
  }
}

/** The checksum that a sound document would have if it was laid out as it is written here. */
async function hashContent(options: ReadOptions, head: BackupHead): Promise<string> {
  const hash = beginHash();
  const encoder = new TextEncoder();
  const lines = async function* (): AsyncGenerator<string> {
    for await (const item of eachPiece(options)) {
      const read = isPiece(item) && item.what === 'record' ? readRecord(item.value) : null;
      if (read?.ok) yield recordLine(read.value);
    }
  };
  for await (const text of documentText(options.form, head, lines())) hash.update(encoder.encode(text));
  return hash.end();
}

/** As much is cut into pieces at once: what is read of it is in memory together. */
const STEP_BYTES = 8 * 1024;

/** A piece, and nothing that is wrong. */
const isPiece = (item: DocumentPiece | TextFault | StreamFault): item is DocumentPiece => 'what' in item;

async function* eachPiece(
  { source, form, signal, recordBytes, onBytes }: ReadOptions,
  onChunk?: (bytes: Uint8Array) => void,
): AsyncGenerator<DocumentPiece | TextFault | StreamFault> {
  const splitter = form.split(recordBytes);
  const reader = source.stream().getReader();
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      // Some streams give all that they have at once.
      for (let at = 0; at < value.length; at += STEP_BYTES) {
        const bytes = value.subarray(at, at + STEP_BYTES);
        onChunk?.(bytes);
        onBytes(bytes.length);
        yield* splitter.push(bytes);
        signal.throwIfAborted();
      }
    }
    yield* splitter.end();
  } catch (error) {
    signal.throwIfAborted();
    yield source.faultOf(error);
  } finally {
    await reader.cancel().catch(() => {});
  }
}
