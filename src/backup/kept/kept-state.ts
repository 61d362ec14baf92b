/** What is known of the backups of a place by their manifests and the notes beside them. Pure. */
import type { BackupInfo } from '#core/backups.ts';
import { type Check, type Checks, checkOf } from './checks.ts';
import type { Manifest } from './manifest.ts';

/** The parts that lie there and were not found damaged. */
export function soundParts(there: ReadonlySet<string>, checks: Checks): ReadonlySet<string> {
  const damaged = new Set(Object.values(checks).flatMap((check) => check.damaged.map(({ hash }) => hash)));
  return new Set([...there].filter((hash) => !damaged.has(hash)));
}

export const isBrought = ({ from }: Manifest): boolean => from !== undefined;

/** A damaged part that was written anew is whole again, in every backup that names it. */
export function withoutHealed(checks: Checks, made: Manifest): Checks {
  const written = new Set(made.parts.map(({ hash }) => hash));
  const isHealed = ({ damaged }: Check): boolean => damaged.some(({ hash }) => written.has(hash));
  if (!Object.values(checks).some(isHealed)) return checks;
  return Object.fromEntries(
    Object.entries(checks).map(([id, check]) => [
      id,
      { ...check, damaged: check.damaged.filter(({ hash }) => !written.has(hash)) },
    ]),
  );
}

/** Whoever brings what had been released before is about to use it. */
export function keptAnew(checks: Checks, made: Manifest): Checks {
  const check = checkOf(checks, made.id);
  return isBrought(made) && check.keepUntil !== undefined ? { ...checks, [made.id]: { ...check, keepUntil: null } } : checks;
}

export function infoFrom(manifest: Manifest, checks: Checks, nowMs: number): BackupInfo {
  const { parts, blobs, shrunken, ...about } = manifest;
  const { checkedAt, damaged, keepUntil, accepted } = checkOf(checks, manifest.id);
  const isKept = keepUntil === undefined ? manifest.reason === 'safety' : keepUntil === null || keepUntil > nowMs;
  const { id, account, workspace, device, app, madeAt, from = null, localSeq, database, records, counts, bytes } = about;
  return {
    ...{ id, account, workspace, device, app, madeAt, from, localSeq, database, records, counts, bytes },
    reason: from ? 'brought' : about.reason,
    blobs: { files: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + (size ?? 0), 0) },
    checkedAt,
    verifiedAt: damaged.length > 0 ? null : Math.max(madeAt, checkedAt ?? 0),
    damaged,
    isShrunken: shrunken && accepted !== true,
    isPinned: isKept,
  };
}

export const stateOf = ({ id, madeAt, reason, verifiedAt, isShrunken: shrunken, isPinned }: BackupInfo) => ({
  id,
  madeAt,
  isWhole: verifiedAt !== null,
  isShrunken: shrunken,
  isPinned,
  isMirror: reason === 'mirror',
});
