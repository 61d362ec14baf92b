/** A backup as one text, whether JSON or YAML: how it is written, and what reading it comes to. */

import type { Place, TextFault } from '#core/backup-faults.ts';
import type { Json } from '#core/json.ts';
import type { BackupHead } from './head.ts';

/** A piece of a document that has been read. */
export type DocumentPiece =
  | { readonly what: 'head'; readonly value: Json }
  | { readonly what: 'record'; readonly value: Json; readonly place: Place }
  /** The checksum is over the `before` bytes in front of it. */
  | { readonly what: 'checksum'; readonly hash: Json; readonly before: number };

/** Reads a document as its bytes come. There is nothing behind a fault that ends reading (`endsReading`). */
export interface DocumentSplitter {
  push(bytes: Uint8Array): readonly (DocumentPiece | TextFault)[];
  end(): readonly (DocumentPiece | TextFault)[];
}

export interface DocumentForm {
  readonly name: 'json' | 'yaml';
  /** The text of a document: `open`, then each record, then `close` and the line with the checksum of all before it. */
  open(head: BackupHead): string;
  /** A record from its canonical line (`recordLine`); `index` counts from 0. */
  record(line: string, index: number): string;
  close(records: number): string;
  last(hash: string): string;
  /** `limit`: the bytes that one record may have. */
  split(limit: number): DocumentSplitter;
}

/** The text of a document without its last line, piece by piece. */
export async function* documentText(form: DocumentForm, head: BackupHead, lines: AsyncIterable<string>): AsyncGenerator<string> {
  yield form.open(head);
  let records = 0;
  for await (const line of lines) yield form.record(line, records++);
  yield form.close(records);
}
