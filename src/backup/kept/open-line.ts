import { readRecord, recordLine } from '#backup/format/record.ts';
import type { Counts } from '#core/backups.ts';
import type { Json } from '#core/json.ts';
import { openFields } from '#core/open-fields.ts';
import { ledger } from '#entities/index.ts';

/** The kinds of which an earlier version of this app wrote values with secrets in them into its backups. */
const ONCE_WHOLE = [...ledger.values()].filter(({ fields }) => Object.values(fields).some(({ open }) => open));

/** A line of a backup without what a backup of today would not have in it. */
export function openLine(line: string): string {
  const declaration = ONCE_WHOLE.find(({ kind }) => line.includes(`"kind":"${kind}"`));
  const record = declaration && readRecord(JSON.parse(line) as Json);
  if (!record?.ok || record.value.kind !== declaration?.kind) return line;
  const fields = openFields(declaration, record.value.fields);
  return fields === record.value.fields ? line : recordLine({ ...record.value, fields });
}

/** Whether a part may hold such a value. Nearly all parts hold none: they need not be read to be named again. */
export const mayBeWhole = (counts: Counts): boolean => ONCE_WHOLE.some(({ kind }) => Object.hasOwn(counts, kind));
