/**
 * The wire between a device and the server: what is said, by whom, and how it may change.
 *
 * State-based, per entity, compare-and-set. A device pushes *ops*: "this entity now has this body; I built it on
 * version X". The server, which never looks into a body, applies an op when X is still current and otherwise answers
 * with what is. Clients merge. A *version* is the id of the op that made it: identity, not order. *seq* is the order
 * in which the server committed, one counter per account; a timestamp is never a cursor. *epoch* names one life of the
 * account's data on the server: a restored or wiped server has a different past, which `epoch` and `seen` reveal.
 *
 * Versioning: `PROTOCOL` rises with any change that an older peer would misread. Objects are open: a member that a peer
 * does not know is ignored on the wire (bodies are opaque and kept whole). A server answers 426 to a protocol it no
 * longer speaks; the client then stops pushing, keeps everything, and says that it must be updated.
 * `tests/golden/protocol.json` holds the hash of this file's shapes, so that nobody changes them unknowingly.
 */
import * as v from 'valibot';
import { MAX_OP_BLOBS } from './blobs.ts';
import { MAX_CONTAINED, VERSION_TAIL } from './lineage.ts';
import { BUCKETS } from './manifest-digest.ts';
import {
  count,
  deviceIdSchema,
  entityIdSchema,
  hash,
  kind,
  opIdSchema,
  PROTOCOL,
  position,
  seenSchema,
  stamp,
  uuid,
} from './protocol-parts.ts';

/**
 * At most this many ops in one push. The first servers of this protocol took `FIRST_MAX_PUSH_OPS` and call more malformed:
 * a device then sends half as many.
 */
export const MAX_PUSH_OPS = 500;
export const FIRST_MAX_PUSH_OPS = 200;
/** A push is closed before it grows beyond this; a single larger op travels alone. */
export const MAX_PUSH_BYTES = 1_000_000;
/** The largest body that the server takes, in UTF-16 code units. */
export const MAX_BODY_CHARS = 32_000_000;

/**
 * Versions that an op or an entity contains and that are not in the server's log, each named by its last 12 digits (`tailOf`),
 * one after another: a server that was put back to an older state has lost them, and other devices may still have one of them.
 * An older peer ignores it.
 */
const contains = v.pipe(v.string(), v.regex(/^[0-9a-f]*$/), v.maxLength(MAX_CONTAINED * VERSION_TAIL));

/** One change as it is pushed. `body` is opaque to the server; null with `deleted`. */
export const opSchema = v.object({
  opId: opIdSchema,
  kind,
  id: entityIdSchema,
  /** The kind's schema version. */
  v: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** The version this op was built on; null where the device knows of none. */
  base: v.nullable(opIdSchema),
  lastUpdated: stamp,
  deleted: v.boolean(),
  body: v.nullable(v.pipe(v.string(), v.maxLength(MAX_BODY_CHARS))),
  /** `hashText(body ?? '')`. */
  hash,
  /** Hashes of the blobs that the body refers to. */
  blobs: v.pipe(v.array(hash), v.maxLength(MAX_OP_BLOBS)),
  contains: v.optional(contains),
});
export type Op = v.InferOutput<typeof opSchema>;

/** One entity as the server holds it. */
export const remoteEntitySchema = v.object({
  kind,
  id: entityIdSchema,
  v: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  version: opIdSchema,
  rev: count,
  seq: count,
  lastUpdated: stamp,
  deviceId: deviceIdSchema,
  deleted: v.boolean(),
  body: v.nullable(v.string()),
  hash,
  /** When the server took this version, wall time in ms. */
  acceptedAt: count,
  /** In a pull: versions before this one, named as in `Op.contains`, oldest first (`PullRequest.since`). Left out where there is none. */
  ancestors: v.optional(contains),
});
export type RemoteEntity = v.InferOutput<typeof remoteEntitySchema>;

/**
 * A current version whose stored body no longer matches its hash: a disk gave back something else. The server never serves
 * such a body. It is left out of `changes`, `versions` and `current`, and named in `damaged` instead, also in the later
 * answers to pushes and pulls of this account, until a device repairs it or a newer version takes its place. An entity that
 * is named here is not deleted and not empty: it is what it was, and cannot be read.
 *
 * Repairing: a device that holds this very version, and whose copy has this very hash, pushes it as an op with `opId` equal
 * to `version` (and the same `kind`, `id`, `hash` and `deleted`; `base` is not looked at). The answer is `applied`, with the
 * rev and seq that the version had from the beginning, and the same if it is pushed again. Nothing is pulled again by that:
 * a device that missed the version asks for it by `keys`.
 */
export const damagedSchema = v.object({ kind, id: entityIdSchema, version: opIdSchema, seq: count, hash });
export type Damaged = v.InferOutput<typeof damagedSchema>;

/** Left out where there is none. An older server never sends it; an older device ignores it. At most `MAX_DAMAGED`. */
const damaged = v.optional(v.array(damagedSchema));
export const MAX_DAMAGED = 100;

/** What every request of a device says of itself. */
const envelope = {
  protocol: v.literal(PROTOCOL),
  epoch: v.nullable(uuid),
  seen: seenSchema,
};

/**
 * The ops are left unknown here: each is validated by itself with `opSchema`, so that one malformed op is rejected
 * alone and never blocks the rest.
 */
export const pushRequestSchema = v.object({ ...envelope, ops: v.pipe(v.array(v.unknown()), v.maxLength(MAX_PUSH_OPS)) });
export type PushRequest = Omit<v.InferOutput<typeof pushRequestSchema>, 'ops'> & { readonly ops: readonly Op[] };

export const rejectReasons = ['malformed', 'hash-mismatch', 'too-big', 'forbidden', 'op-reused', 'over-quota'] as const;
export type RejectReason = (typeof rejectReasons)[number];

const lineage = v.array(opIdSchema);

/**
 * The answer to one op. `lineage` holds the current version's ancestors, oldest first, without the current one. An op that
 * is in conflict with a damaged version is rejected with `hash-mismatch` and says with `damaged` which version that is.
 */
export const pushResultSchema = v.variant('type', [
  v.object({
    type: v.literal('applied'),
    opId: opIdSchema,
    rev: count,
    seq: count,
    acceptedAt: count,
    missingBlobs: v.array(hash),
  }),
  v.object({ type: v.literal('conflict'), opId: opIdSchema, current: v.nullable(remoteEntitySchema), lineage }),
  v.object({
    type: v.literal('rejected'),
    opId: opIdSchema,
    reason: v.picklist(rejectReasons),
    damaged: v.optional(damagedSchema),
  }),
]);
export type PushResult = v.InferOutput<typeof pushResultSchema>;

export const pushAnswerSchema = v.object({ ...position, results: v.array(pushResultSchema), damaged });
export type PushAnswer = v.InferOutput<typeof pushAnswerSchema>;

export const pullRequestSchema = v.object({
  ...envelope,
  /** Give what was committed after this seq, oldest first. */
  cursor: v.optional(count),
  /** Give what was committed before this seq, newest first: for a new device. */
  before: v.optional(count),
  /** Give exactly these entities as they are now, `[kind, id]`. */
  keys: v.optional(v.pipe(v.array(v.tuple([kind, uuid])), v.maxLength(500))),
  /**
   * Name the ancestors that were committed after this seq, as far as a page has room for them. Left out: after `cursor`. A device
   * that pulls in pages says where it began: a version of that time may have been overtaken by one on a later page.
   */
  since: v.optional(count),
  limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2000)),
  maxBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});
export type PullRequest = v.InferOutput<typeof pullRequestSchema>;

/**
 * One snapshot. `seq` is the account's counter in it; with `more`, ask again from the last change's seq: there is then at
 * least one change. What is damaged in this page is among `damaged`.
 */
export const pullAnswerSchema = v.object({
  ...position,
  seq: count,
  changes: v.array(remoteEntitySchema),
  more: v.boolean(),
  damaged,
});
export type PullAnswer = v.InferOutput<typeof pullAnswerSchema>;

/** The manifest is asked for in pages; `after` is the last page's last key. */
export const manifestRequestSchema = v.object({
  protocol: v.literal(PROTOCOL),
  after: v.nullable(v.tuple([kind, uuid])),
  limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(5000)),
});
export type ManifestRequest = v.InferOutput<typeof manifestRequestSchema>;

export const manifestEntrySchema = v.object({
  kind,
  id: entityIdSchema,
  version: opIdSchema,
  hash,
  deleted: v.boolean(),
  seq: count,
  lineage,
});
export type ManifestEntry = v.InferOutput<typeof manifestEntrySchema>;

/** `seq` is the account's counter in this page's snapshot, `count` the entities in the account, tombstones included. */
export const manifestAnswerSchema = v.object({
  ...position,
  seq: count,
  count,
  /** Was a hash over the whole account, for which every first page read all of it; null ever since `buckets`. */
  digest: v.nullable(hash),
  /** The digest of the whole account at `seq` (core/manifest-digest.ts), on the first page. Servers before it left it out. */
  buckets: v.optional(v.pipe(v.array(hash), v.length(BUCKETS))),
  entries: v.array(manifestEntrySchema),
  more: v.boolean(),
});
export type ManifestAnswer = v.InferOutput<typeof manifestAnswerSchema>;

/**
 * The kept versions of one entity, newest first. Here `damaged` names older versions, too. `contains` is what ops have said of
 * the entity since it was lost; it may be longer than in one op.
 */
export const historyAnswerSchema = v.object({
  ...position,
  versions: v.array(remoteEntitySchema),
  damaged,
  contains: v.optional(v.string()),
});
export type HistoryAnswer = v.InferOutput<typeof historyAnswerSchema>;

/** What an answer with a status of 4xx or 5xx says. Anything else under such a status is not from this server. */
export const errorTypes = [
  'unauthorized', // 401: no cookie, or one that this server does not know
  'revoked', // 403: this device was signed out from another one
  'forbidden', // 403: wrong origin, wrong key, registration closed, host not allowed
  'code-required', // 403: this server creates an account only with its registration code
  'reconcile', // 409: the device's past is not this server's past
  'name-taken', // 409: of the password call only
  'wrong-offset', // 409: of a part of a blob only
  'too-large', // 413
  'hash-mismatch', // 422: of a blob only, whose parts were dropped
  'update-required', // 426
  'rate-limited', // 429, with Retry-After
  'malformed', // 400
  'not-found', // 404
  'over-quota', // 507
  'unavailable', // 503, with Retry-After
  'internal', // 500
] as const;
export type ErrorType = (typeof errorTypes)[number];

export const errorAnswerSchema = v.object({
  type: v.picklist(errorTypes),
  message: v.string(),
  /** With `reconcile`: the epoch that the account has now. */
  epoch: v.optional(uuid),
  reason: v.optional(v.string()),
});
export type ErrorAnswer = v.InferOutput<typeof errorAnswerSchema>;
