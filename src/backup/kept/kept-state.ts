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

/** A damaged part that was written anew is whole again, in every backup that names it. Those that `made` lacks were not. */
export function withoutHealed(checks: Checks, made: Manifest, lacking: readonly string[] = []): Checks {
  const written = new Set(made.parts.map(({ hash }) => hash).filter((hash) => !lacking.includes(hash)));
  const isHealed = ({ damaged }: Check): boolean => damaged.some(({ hash }) => written.has(hash));
  if (!Object.values(checks).some(isHealed)) return checks;
  return Object.fromEntries(
    Object.entries(checks).map(([id, check]) => [
      id,
      { ...check, damaged: check.damaged.filter(({ hash }) => !written.has(hash)) },
    ]),
  );
}

/** What was brought and only looked at goes after so long. One from which was restored stays as long as that can be taken back. */
export const BROUGHT_MS = 14 * 24 * 3_600_000;

/** Whoever brings a backup is about to look at it. */
export function keptAnew(checks: Checks, made: Manifest, nowMs: number): Checks {
  const check = checkOf(checks, made.id);
  return isBrought(made) ? { ...checks, [made.id]: keptUntil(check, nowMs + BROUGHT_MS) } : checks;
}

/** Kept until then as well; null: at least until somebody says otherwise. 0 takes back what was said before. */
export function keptUntil(check: Check, until: number | null): Check {
  const { keepUntil: before } = check;
  if (until === 0) return { ...check, keepUntil: 0 };
  // Two may use it at once: the later end counts.
  return { ...check, keepUntil: before === null || until === null ? null : Math.max(before ?? 0, until) };
}

/** Kept at least until then, wall time in ms. What stays for longer, also because it was made to be kept, is given as it is. */
export function keptAtLeast(check: Check, until: number, manifest: Manifest): Check {
  const { keepUntil = !isBrought(manifest) && manifest.reason === 'safety' ? null : 0 } = check;
  return keepUntil === null || keepUntil >= until ? check : { ...check, keepUntil: until };
}

export function infoFrom(manifest: Manifest, checks: Checks, nowMs: number): BackupInfo {
  const { blobs, shrunken, from = null, lacking = 0, ...about } = manifest;
  const { checkedAt, damaged, keepUntil, accepted } = checkOf(checks, manifest.id);
  const isKept = keepUntil === undefined ? manifest.reason === 'safety' : keepUntil === null || keepUntil > nowMs;
  const { id, account, workspace, device, app, madeAt, localSeq, database, records, counts, bytes } = about;
  return {
    ...{ id, account, workspace, device, app, madeAt, from, localSeq, database, records, lacking, counts, bytes },
    reason: from ? 'brought' : about.reason,
    blobs: { files: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + (size ?? 0), 0) },
    checkedAt,
    verifiedAt: damaged.length > 0 ? null : Math.max(madeAt, checkedAt ?? 0),
    damaged,
    isShrunken: shrunken && accepted !== true,
    isPinned: isKept,
    keptUntil: isKept ? (keepUntil ?? null) : null,
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
