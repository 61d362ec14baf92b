/**
 * *Keep both*: a document of the backup that differs from what is here becomes a document of its own, with what belongs to it. Which ones those are
 * is known when all of the backup has been looked at, since a document also differs where only a child of it does. The ids of copies follow from
 * their content: whoever does it twice, or on two devices, has them once.
 */
import { type BackupRecord, recordLine } from '#backup/format/record.ts';
import { batchesOf } from '#core/batches.ts';
import { type EntityDeclaration, type Fields, type Ledger, migrateBody, parentNamed } from '#core/entity.ts';
import { type KeyPair, pairText } from '#core/entity-key.ts';
import type { KvError } from '#core/errors.ts';
import { hashText } from '#core/hash.ts';
import { idOfContent, timeOfId } from '#core/ids.ts';
import type { Present } from '#core/restoring.ts';
import { ok, type Result } from '#core/result.ts';
import { differsForPerson } from './plan-record.ts';
import type { WayOf } from './ways.ts';

/** What a restore makes of a record: it, or a copy of it under another id. */
export interface RestoredRecord {
  readonly record: BackupRecord;
  /** The key that it has in the backup, where it is a copy. */
  readonly copyOf: KeyPair | null;
}

export interface Copies {
  /** The documents that are copied (`pairText`), with what the ids of their copies follow from. */
  readonly documents: readonly (readonly [document: string, digest: string])[];
  /** The record, or its copy where its family is copied. */
  apply(record: BackupRecord): RestoredRecord;
}

export interface CopyOptions {
  readonly ledger: Ledger;
  readonly wayOf: WayOf;
  /** When the backup was made, wall time in ms: copies say so in their title. */
  readonly madeAt: number;
  /** What was decided before, by `documents`; null: it is decided by what is here now. */
  readonly decided?: Copies['documents'] | null;
  readonly readPresent: (keys: readonly KeyPair[]) => Promise<Result<readonly (Present | null)[], KvError>>;
}

/** Rows that are read in one transaction. */
const BATCH = 100;

interface Family {
  /** Of the document. */
  readonly key: KeyPair;
  /** Of the records of it, in the order of their keys. */
  digest: string;
  differs: boolean;
  /** The document itself is among the records: without it nothing of the family has a place. */
  hasDocument: boolean;
  readonly children: Set<string>;
}

/** Looks at all records. Those that are not to be copied cost nothing. */
export async function findCopies(
  records: AsyncIterable<BackupRecord>,
  { ledger, wayOf, madeAt, readPresent, decided = null }: CopyOptions,
): Promise<Result<Copies, KvError>> {
  const families = new Map<string, Family>();
  // What cannot be read, and what a newer app wrote, is left out.
  const isCopied = (record: BackupRecord): boolean =>
    wayOf(record) === 'copy' && record.raw === undefined && record.v <= (ledger.get(record.kind)?.version ?? record.v);
  const look = async (batch: readonly BackupRecord[]): Promise<Result<void, KvError>> => {
    const found = await readPresent(batch.map(({ kind, id }) => [kind, id]));
    if (!found.ok) return found;
    for (const [at, record] of batch.entries()) {
      const key = familyOf(ledger.get(record.kind), record);
      if (!key) continue;
      const family = families.get(pairText(key)) ?? {
        key,
        digest: '',
        differs: false,
        hasDocument: false,
        children: new Set<string>(),
      };
      families.set(pairText(key), family);
      family.digest = hashText(`${family.digest}${recordLine(record)}`);
      if (record.kind === key[0] && record.id === key[1]) family.hasDocument = true;
      else family.children.add(record.id);
      const present = found.value[at] ?? null;
      if (present && !present.deleted && differsForPerson(ledger.get(record.kind), present, record)) family.differs = true;
    }
    return ok(undefined);
  };
  const copied = async function* (): AsyncGenerator<BackupRecord> {
    for await (const record of records) if (isCopied(record)) yield record;
  };
  for await (const batch of batchesOf(copied(), BATCH)) {
    const looked = await look(batch);
    if (!looked.ok) return looked;
  }
  const before = decided && new Map(decided);
  for (const [key, family] of families) {
    // What has been copied already has these ids, whatever of it can no longer be read.
    family.digest = before?.get(key) ?? family.digest;
    const isWanted = before ? before.has(key) : family.differs;
    let hasDocument = family.hasDocument;
    // Of a copy that was begun the document is here already.
    if (isWanted && before && !hasDocument) {
      const [kind, id] = family.key;
      const copy = await readPresent([[kind, copyId(id, family)]]);
      if (!copy.ok) return copy;
      hasDocument = copy.value[0]?.deleted === false;
    }
    if (!isWanted || !hasDocument) families.delete(key);
  }
  return ok({
    documents: [...families].map(([key, { digest }]) => [key, digest] as const),
    apply(record) {
      const declaration = ledger.get(record.kind);
      const key = isCopied(record) ? familyOf(declaration, record) : null;
      const family = key && families.get(pairText(key));
      if (!declaration || !key || !family) return { record, copyOf: null };
      return { record: copyRecord(declaration, record, family, madeAt), copyOf: [record.kind, record.id] };
    },
  });
}

/** The document that a record is, or belongs to; null where it is part of none. */
function familyOf(declaration: EntityDeclaration | undefined, { kind, id, fields }: BackupRecord): KeyPair | null {
  return declaration?.document ? [kind, id] : parentNamed(declaration, fields);
}

/** Of the document of a family, or of a child of it. */
const copyId = (id: string, { key, digest }: Pick<Family, 'key' | 'digest'>): string =>
  idOfContent(id === key[1] ? hashText(`${id} ${digest}`) : hashText(`${id} ${digest} child`), timeOfId(id) ?? 0);

function copyRecord(declaration: EntityDeclaration, record: BackupRecord, family: Family, madeAt: number): BackupRecord {
  const { key, children } = family;
  const [, parentId] = key;
  const newId = (id: string): string => copyId(id, family);
  const { fields, stamps } = migrateBody(declaration, record.v, record);
  const renamed = (value: Fields[string]): Fields[string] =>
    typeof value === 'string' && (value === parentId || children.has(value)) ? newId(value) : value;
  const moved = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, renamed(value as Fields[string])]));
  const title = declaration.document?.titleField;
  const day = new Date(madeAt).toISOString().slice(0, 10);
  const titled = title === undefined ? {} : { [title]: `${declaration.title(fields)} (from backup, ${day})` };
  return { kind: record.kind, id: newId(record.id), v: declaration.version, fields: { ...moved, ...titled }, stamps };
}
