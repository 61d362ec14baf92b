/** One entity as a backup holds it: the unit of every backup file, part and restore. Docs: `docs/backup-format.md`. */
import type { RecordFault } from '#core/backup-faults.ts';
import type { SourceRow } from '#core/backup-rows.ts';
import { formatStamp, isStamp } from '#core/clock.ts';
import type { Body, EntityDeclaration, Fields, Stamps } from '#core/entity.ts';
import { isUuid } from '#core/ids.ts';
import { canonicalJson, type Json } from '#core/json.ts';
import { openFields } from '#core/open-fields.ts';
import { MAX_BODY_CHARS } from '#core/protocol.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type Excess, findExcess } from './excess.ts';

/** `fields` and `stamps` are empty where there is a `raw`: the body as text, which this app cannot read or a record cannot hold. */
export interface BackupRecord {
  readonly kind: string;
  readonly id: string;
  /** The kind's schema version, as it is stored. */
  readonly v: number;
  readonly fields: Fields;
  readonly stamps: Stamps;
  readonly raw?: string;
}

export interface RecordOptions {
  /** Whether fields that their declaration calls secret are in it. */
  readonly withSecrets: boolean;
}

/**
 * More than any server takes: an entity that is too large to be sent is in a backup all the same. In UTF-16 code units, of all of its texts
 * together.
 */
export const MAX_RECORD_CHARS = 2 * MAX_BODY_CHARS;

/** The stamps of fields of which no more is known than when all of them were written last, in ms: those of no device. */
export function stampsAt(ms: number, fields: Fields): Stamps {
  const stamp = formatStamp({ ms, counter: 0, tag: '00000000' });
  return Object.fromEntries(Object.keys(fields).map((field) => [field, stamp]));
}

const KIND = /^[a-z][a-z0-9-]{0,39}$/;
const MEMBERS = ['fields', 'id', 'kind', 'raw', 'stamps', 'v'];

/**
 * The record of a row; null for a tombstone and for kinds that never leave this browser. A body that a record cannot hold (a member called
 * `__proto__`, a stamp of another form) is in it as text.
 */
export function toRecord(
  source: SourceRow,
  declaration: EntityDeclaration | undefined,
  { withSecrets }: RecordOptions,
): BackupRecord | null {
  if (source.deleted || declaration?.scope === 'private') return null;
  const { kind, id, v, raw } = source;
  const body = withSecrets || !declaration ? source : opened(withoutSecrets(source, declaration), declaration);
  if (raw !== undefined) return body === source ? { kind, id, v, fields: {}, stamps: {}, raw } : null;
  const { fields, stamps } = body;
  const record = { kind, id, v, fields, stamps };
  return findFault(record) === null ? record : { ...record, fields: {}, stamps: {}, raw: canonicalJson({ fields, stamps }) };
}

/** A record as one line of canonical JSON, without its line break: equal records give equal lines. */
export function recordLine({ kind, id, v, fields, stamps, raw }: BackupRecord): string {
  // In the order of canonical JSON.
  return canonicalJson({ fields, id, kind, ...(raw !== undefined && { raw }), stamps, v });
}

/** The order of records in a backup: by kind, then by id, as IndexedDB orders `[kind, id]`. Below 0 where `a` comes first. */
export function compareKeys(a: Pick<BackupRecord, 'kind' | 'id'>, b: Pick<BackupRecord, 'kind' | 'id'>): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

/** Reads what a file holds. Strict in shape, open in content: kinds, fields and versions that this app does not know are kept as they came. */
export function readRecord(value: Json): Result<BackupRecord, RecordFault> {
  const fault = findFault(value);
  // Its shape has just been checked, member by member.
  return fault ? err(fault) : ok(value as unknown as BackupRecord);
}

/**
 * A kind with a secret is written without any field that its declaration does not name: what another version of the app added to it may be one. The
 * same object where there is nothing to leave out.
 */
function withoutSecrets(body: Body, { fields: declared }: EntityDeclaration): Body {
  if (!Object.values(declared).some(({ secret }) => secret)) return body;
  const isOpen = ([field]: [string, unknown]): boolean => Object.hasOwn(declared, field) && !declared[field]?.secret;
  return {
    fields: Object.fromEntries(Object.entries(body.fields).filter(isOpen)),
    stamps: Object.fromEntries(Object.entries(body.stamps).filter(isOpen)),
  };
}

/** A value that may have a secret in it is written without. The same object where there is none. */
function opened(body: Body, declaration: EntityDeclaration): Body {
  const fields = openFields(declaration, body.fields);
  return fields === body.fields ? body : { fields, stamps: body.stamps };
}

function findFault(value: unknown): RecordFault | null {
  if (!isObject(value)) return { type: 'NotARecord' };
  const { kind, id, v, fields, stamps, raw } = value;
  const unknown = Object.keys(value).find((member) => !MEMBERS.includes(member));
  if (unknown !== undefined) return { type: 'UnknownMember', member: unknown };
  if (typeof kind !== 'string' || !KIND.test(kind)) return bad('kind');
  if (typeof id !== 'string' || !isUuid(id)) return bad('id');
  if (typeof v !== 'number' || !Number.isSafeInteger(v) || v < 1) return bad('v');
  if (!isObject(fields)) return bad('fields');
  if (!isObject(stamps)) return bad('stamps');
  const stamp = Object.keys(stamps).find((field) => !isStampValue(stamps[field]));
  if (stamp !== undefined) return bad(`stamps.${stamp}`);
  if (raw !== undefined) {
    if (typeof raw !== 'string') return bad('raw');
    if (Object.keys(fields).length > 0) return bad('fields');
    if (Object.keys(stamps).length > 0) return bad('stamps');
  }
  const excess = findExcess(value, MAX_RECORD_CHARS);
  return excess && excessFault(excess);
}

function excessFault(excess: Excess): RecordFault {
  if (excess.type === 'BadValue') return bad(excess.path);
  return { type: excess.type === 'TooDeep' ? 'RecordTooDeep' : 'RecordTooLarge' };
}

const bad = (member: string): RecordFault => ({ type: 'BadMember', member });

const isStampValue = (value: unknown): boolean => typeof value === 'string' && isStamp(value);

function isObject(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
