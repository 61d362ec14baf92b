import { type EntityKey, keyText } from '#core/entity-key.ts';
import type { AccountId, DeviceId, OpId } from '#core/ids.ts';
import { isHashOf } from '#core/large-body.ts';
import { tailOf, tailsIn } from '#core/lineage.ts';
import { MAX_DAMAGED, type Op, type PushAnswer, type PushResult, type RemoteEntity } from '#core/protocol.ts';
import type { Seen } from '#core/protocol-parts.ts';
import { err, ok, type Result } from '#core/result.ts';
import { flatten, type Refusal, refuse } from '#server/refusal.ts';
import type { AppliedOp, Head, NewVersion, StorageWriter } from '#server/storage/storage.ts';
import type { SyncDeps } from './deps.ts';
import { type IncomingOp, readOp } from './incoming-op.ts';
import { findLostBodies, nameDamaged, reportDamaged, siftVersions } from './integrity.ts';
import { beginEpoch, checkPast, position } from './position.ts';
import { type Resent, repairVersions } from './repairs.ts';

/** A push as it arrived: the envelope is checked, each op is still unknown. */
export interface IncomingPush {
  readonly epoch: string | null;
  readonly seen: Seen;
  readonly ops: readonly unknown[];
}

/** What becomes of one op; a conflict is filled in with what is current once the whole push has been written. */
type Outcome = PushResult | { readonly type: 'overtaken'; readonly opId: OpId; readonly key: EntityKey };

/**
 * Takes a device's ops, in order, in one transaction (docs/decisions/0005-one-transaction-per-push.md). An op is applied
 * when its base is still the entity's version; applied before, it is answered as then; otherwise it is a conflict and
 * gets what is current when this push commits. A rejected op leaves nothing behind and stops none of the others.
 * Resolves with `ok` only after the commit.
 */
export async function push(
  deps: SyncDeps,
  accountId: AccountId,
  deviceId: DeviceId,
  request: IncomingPush,
): Promise<Result<PushAnswer, Refusal>> {
  const { storage, clock, limits, onCommit, hasRoom } = deps;
  const found: number[] = [];
  const incoming = request.ops.map((op) => readOp(op, limits.maxBodyChars));
  const answer = flatten(
    await storage.write(accountId, async (writer, account): Promise<Result<PushAnswer, Refusal>> => {
      if (!account) return refuse('unauthorized', 'There is no such account here.');
      const past = await checkPast(writer, account, request);
      if (past) return err(past);

      const acceptedAt = Math.floor(clock.now());
      const { known, heads } = await readCurrent(writer, accountId, incoming);
      const present = await keepNamed(writer, accountId, incoming);
      const lacking = (named: readonly string[]) => [...new Set(named)].filter((name) => !present.has(name));
      const versions: NewVersion[] = [];
      const resent: Resent[] = [];
      let usedBytes = account.usedBytes;
      let conflictBytes = 0;

      const outcomes = incoming.map((item): Outcome => {
        if (item.type === 'rejected') return item;
        const { op, bytes } = item;
        const { opId } = op;
        const before = known.get(opId);
        if (before) {
          if (!isSame(before, op, heads.get(keyText(op)))) return { type: 'rejected', opId, reason: 'op-reused' };
          resent.push({ incoming: item, seq: before.seq });
          return {
            type: 'applied',
            opId,
            rev: before.rev,
            seq: before.seq,
            acceptedAt: before.acceptedAt,
            missingBlobs: lacking(op.blobs),
          };
        }
        const head = heads.get(keyText(op));
        if ((head?.version ?? null) !== op.base) {
          conflictBytes += head?.bytes ?? 0;
          return { type: 'overtaken', opId, key: op };
        }
        const growth = bytes - (head?.bytes ?? 0);
        if (growth > 0 && usedBytes + account.blobBytes + growth > limits.quotaBytes)
          return { type: 'rejected', opId, reason: 'over-quota' };

        const version: NewVersion = {
          kind: op.kind,
          id: op.id,
          v: op.v,
          version: opId,
          rev: (head?.rev ?? 0) + 1,
          seq: account.seq + versions.length + 1,
          lastUpdated: op.lastUpdated,
          deviceId,
          deleted: op.deleted,
          body: op.body,
          hash: op.hash,
          acceptedAt,
          bytes,
          blobs: op.blobs,
          base: op.base,
          contains: op.contains,
        };
        versions.push(version);
        heads.set(keyText(op), version);
        known.set(opId, { ...version, opId });
        usedBytes += growth;
        return { type: 'applied', opId, rev: version.rev, seq: version.seq, acceptedAt, missingBlobs: lacking(op.blobs) };
      });

      // Nothing was written yet. Fewer ops at a time bring smaller answers; one alone is always answered.
      if (conflictBytes > limits.maxAnswerBytes && outcomes.length > 1) return refuse('too-large', 'Send fewer ops at a time.');
      if (usedBytes > account.usedBytes && hasRoom?.() === false)
        return refuse('over-quota', "The server's disk is nearly full. Nothing was taken; it will be sent again.");
      await writer.append(accountId, versions, usedBytes);
      await repairVersions(writer, accountId, deviceId, resent, { headOf: (op) => heads.get(keyText(op)), present });
      const last = versions.at(-1);
      const after = last ? { ...account, seq: last.seq, lastOpId: last.version } : account;
      const { results, damaged, lostBodies } = await fillConflicts(writer, accountId, outcomes, heads);
      found.push(...damaged.map((head) => head.seq), ...lostBodies);
      const noted = nameDamaged(damaged, await writer.damaged(accountId, MAX_DAMAGED));
      return ok({ ...position(after, acceptedAt), results, ...noted });
    }),
  );
  await reportDamaged(deps, accountId, found);
  if (answer.ok && answer.value.seen && answer.value.results.some((result) => result.type === 'applied')) {
    onCommit?.(accountId, answer.value.seen.seq);
  }
  return beginEpoch(deps, accountId, request, answer);
}

async function readCurrent(writer: StorageWriter, accountId: AccountId, incoming: readonly IncomingOp[]) {
  const ops = incoming.flatMap((item) => (item.type === 'valid' ? [item.op] : []));
  const applied = await writer.appliedOps(
    accountId,
    ops.map((op) => op.opId),
  );
  const heads = await writer.heads(accountId, ops);
  return {
    known: new Map(applied.map((op) => [op.opId, op])),
    heads: new Map<string, Head>(heads.map((head) => [keyText(head), head])),
  };
}

/** Notes that what the ops name is named, in the very transaction that appends them. Gives which of it is there. */
async function keepNamed(writer: StorageWriter, accountId: AccountId, incoming: readonly IncomingOp[]) {
  const named = new Set(incoming.flatMap((item) => (item.type === 'valid' ? item.op.blobs : [])));
  return new Set(named.size > 0 ? await writer.keepBlobs(accountId, [...named]) : []);
}

/** Whether an op is the one that was applied under its id. The hash is in two tables; one of them is enough. */
function isSame(before: AppliedOp, op: Op, head: Head | undefined): boolean {
  const isCurrent = head?.version === op.opId;
  const sameBody = isHashOf(before.hash, op) || (isCurrent && isHashOf(head.hash, op));
  return before.kind === op.kind && before.id === op.id && sameBody && before.deleted === op.deleted;
}

/**
 * The overtaken ops that this server once took and has lost, and that others have gone on from: what is current contains them. Their
 * device may never have had the answer. They are named in the lineage, though the log has them no more.
 */
async function findContained(
  writer: StorageWriter,
  accountId: AccountId,
  outcomes: readonly Outcome[],
): Promise<ReadonlySet<OpId>> {
  const contained = new Set<OpId>();
  for (const outcome of outcomes) {
    if (outcome.type !== 'overtaken') continue;
    const tails = tailsIn(await writer.contained(accountId, outcome.key));
    if (tails.includes(tailOf(outcome.opId))) contained.add(outcome.opId);
  }
  return contained;
}

async function fillConflicts(
  writer: StorageWriter,
  accountId: AccountId,
  outcomes: readonly Outcome[],
  heads: ReadonlyMap<string, Head>,
): Promise<{ readonly results: PushResult[]; readonly damaged: readonly Head[]; readonly lostBodies: readonly number[] }> {
  const overtaken = outcomes.flatMap((outcome) => (outcome.type === 'overtaken' ? (heads.get(keyText(outcome.key)) ?? []) : []));
  const versions = await writer.versionsAt(
    accountId,
    overtaken.map((head) => head.seq),
  );
  const { sound, damaged } = siftVersions(overtaken, versions);
  const currents = new Map(sound.map((entity): [string, RemoteEntity] => [keyText(entity), entity]));
  const lost = new Set(damaged);
  const lineages = await writer.lineages(accountId, overtaken);
  const contained = await findContained(writer, accountId, outcomes);
  const results = outcomes.map((outcome): PushResult => {
    if (outcome.type !== 'overtaken') return outcome;
    const { opId } = outcome;
    const head = heads.get(keyText(outcome.key));
    const current = currents.get(keyText(outcome.key)) ?? null;
    // Without the current body there is nothing to merge with; "there is no such entity" would be a lie.
    if (head && lost.has(head.seq))
      return { type: 'rejected', opId, reason: 'hash-mismatch', damaged: nameDamaged([head]).damaged?.[0] };
    const lineage = lineages.get(current?.version ?? '') ?? [];
    return { type: 'conflict', opId, current, lineage: contained.has(opId) ? [...lineage, opId] : [...lineage] };
  });
  const lostBodies = await findLostBodies(writer, accountId, sound);
  return { results, damaged: overtaken.filter((head) => lost.has(head.seq)), lostBodies };
}
