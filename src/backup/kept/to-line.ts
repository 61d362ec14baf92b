import { toRecord } from '#backup/format/record.ts';
import type { SourceRow } from '#core/backup-rows.ts';
import type { EntityDeclaration, Ledger } from '#core/entity.ts';
import { type KeptLine, toKeptLine } from './parts.ts';

/** The row as a backup keeps it; null where it keeps nothing of it: a tombstone, or what never leaves this device. */
export function toLine(ledger: Ledger, row: SourceRow): KeptLine | null {
  const declaration: EntityDeclaration | undefined = ledger.get(row.kind);
  const record = toRecord(row, declaration, { withSecrets: false });
  return record && toKeptLine(record);
}
