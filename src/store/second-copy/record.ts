/**
 * The lines of the second copy. Each record is one line `<checksum> <JSON>` between two line ends, so that a torn, cut or
 * flipped line is skipped by itself: what follows begins at a line end of its own.
 */
import { type KeyPair, keyText } from '#core/entity-key.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import type { BaseRow, EntityRow, OutboxRow, QuarantineRow } from '#store/schema/schema.ts';
import { checksum } from './checksum.ts';

/** An entity that the server has not acknowledged, with all that belongs to its waiting changes. */
export interface UnsentRecord {
  readonly type: 'unsent';
  readonly row: EntityRow;
  readonly base: BaseRow | null;
  /** Its outbox rows, oldest first; a sent one has its op. */
  readonly ops: readonly OutboxRow[];
  readonly refused: QuarantineRow | null;
}

/** The server has acknowledged these entities: `[kind, id]`. */
export interface AcknowledgedRecord {
  /** The word of the file, which earlier versions read, too. */
  readonly type: 'settled';
  readonly keys: readonly KeyPair[];
}

/** What is before this record is complete: earlier files of the same log say nothing more. */
export interface WholeRecord {
  readonly type: 'whole';
}

/** The registry as it was at `at` (wall time in ms). Work that was being brought into another account is brought again. */
export interface RegistryRecord {
  readonly type: 'registry';
  readonly at: number;
  readonly workspaces: readonly WorkspaceRow[];
  readonly activeId: string;
}

export type CopyRecord = UnsentRecord | AcknowledgedRecord | WholeRecord | RegistryRecord;

/** The line of a record, with a line end on both sides. JSON has none inside. */
export function encodeRecord(record: CopyRecord): string {
  const json = JSON.stringify(record);
  return `\n${checksum(json)} ${json}\n`;
}

/** Every record of `text` that is as it was written, in order. */
export function decodeRecords(text: string): readonly CopyRecord[] {
  return text.split('\n').flatMap((line) => {
    const json = line.slice(9);
    if (line.length < 11 || line[8] !== ' ' || line.slice(0, 8) !== checksum(json)) return [];
    // The checksum has vouched for the shape: only this app's own lines have one.
    return [JSON.parse(json) as CopyRecord];
  });
}

/**
 * What the files of a log say together: the newest record of each entity that was not settled after it. `texts` are the
 * files, oldest first.
 */
export function replayUnsent(texts: readonly string[]): ReadonlyMap<string, UnsentRecord> {
  const unsent = new Map<string, UnsentRecord>();
  const files = texts.map(decodeRecords);
  const first = files.findLastIndex((records) => records.some(({ type }) => type === 'whole'));
  for (const record of files.slice(Math.max(0, first)).flat()) {
    if (record.type === 'unsent') unsent.set(keyText(record.row), record);
    if (record.type === 'settled') for (const [kind, id] of record.keys) unsent.delete(keyText({ kind, id }));
  }
  return unsent;
}
