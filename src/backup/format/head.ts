/** What every backup file begins with. */
import type { HeadFault } from '#core/backup-faults.ts';
import { isUuid } from '#core/ids.ts';
import { canonicalJson, type Json, type JsonObject } from '#core/json.ts';
import { err, ok, type Result } from '#core/result.ts';
import { findExcess } from './excess.ts';

export const FORMAT = 'holdfast-backup';
/** Raised with a change that an older app would misread. An app reads its own version and all before it. */
export const FORMAT_VERSION = 1;

// Types, not interfaces: only they are JSON to the compiler.
export type KindCount = {
  readonly live: number;
  readonly binned: number;
};

/** Members that this version does not know are kept beside these, as they came. */
export type BackupHead = {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** The version of the app that wrote it. */
  readonly app: string;
  /** Null where the work belongs to no account. */
  readonly account: string | null;
  readonly workspace: string;
  readonly device: { readonly id: string; readonly name: string };
  /** ISO 8601, in UTC. */
  readonly madeAt: string;
  /** The device's count of changes that the backup is the state of. */
  readonly localSeq: number;
  /** How many records there are, by kind. */
  readonly counts: { readonly [kind: string]: KindCount };
  /** Whether secret fields are in it. */
  readonly secrets: boolean;
  /** How many pictures and files come with it. */
  readonly files: number;
  /** How many records are not in it since they could not be read when it was written; absent where none. */
  readonly lacking?: number;
};

/** A head is a screenful: a few hundred bytes for each kind at most. */
export const MAX_HEAD_BYTES = 1_000_000;

/** The members that this version knows, in the order in which they are written. */
export const HEAD_MEMBERS = [
  'format',
  'version',
  'app',
  'account',
  'workspace',
  'device',
  'madeAt',
  'localSeq',
  'counts',
  'secrets',
  'files',
  'lacking',
];

/** What a head says, in the order in which it is written: unknown members last. */
export function headMembers(head: BackupHead): readonly (readonly [member: string, value: Json])[] {
  const members = canonicalMembers(head);
  const others = Object.keys(members).filter((member) => !HEAD_MEMBERS.includes(member));
  return [...HEAD_MEMBERS, ...others].flatMap((member) => {
    const value = members[member];
    return value === undefined ? [] : [[member, value] as const];
  });
}

/** Reads a head, of any version up to this one. */
export function readHead(value: Json): Result<BackupHead, HeadFault> {
  if (!isObject(value) || value['format'] !== FORMAT) return err({ type: 'NotABackup' });
  const { version } = value;
  if (!isCount(version)) return err({ type: 'BadHead', member: 'version' });
  if (version > FORMAT_VERSION) return err({ type: 'NewerBackup', version });
  const member = Object.keys(checks).find((name) => !checks[name]?.(value[name]));
  if (member !== undefined) return err({ type: 'BadHead', member });
  const excess = findExcess(value, MAX_HEAD_BYTES);
  if (excess) return err({ type: 'BadHead', member: excess.type === 'BadValue' ? excess.path : '' });
  // Its members have just been checked, one by one.
  return ok(value as unknown as BackupHead);
}

/** The head as JSON, with its members sorted at every depth. */
const canonicalMembers = (head: BackupHead): JsonObject => JSON.parse(canonicalJson(head)) as JsonObject;

const isText = (value: unknown): value is string => typeof value === 'string';
const isId = (value: unknown): boolean => isText(value) && isUuid(value);
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
/** A clock may be wrong by any time: years above 9999 have six digits. */
const ISO = /^(?:\d{4}|\+\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

const checks: { readonly [member: string]: (value: Json | undefined) => boolean } = {
  app: isText,
  account: (value) => value === null || isId(value),
  workspace: isText,
  device: (value) => isObject(value) && isId(value['id']) && isText(value['name']),
  madeAt: (value) => isText(value) && ISO.test(value) && Number.isFinite(Date.parse(value)),
  localSeq: isCount,
  counts: (value) => isObject(value) && Object.values(value).every(isKindCount),
  secrets: (value) => typeof value === 'boolean',
  files: isCount,
  lacking: (value) => value === undefined || isCount(value),
};

function isKindCount(value: Json): boolean {
  return isObject(value) && isCount(value['live']) && isCount(value['binned']);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
