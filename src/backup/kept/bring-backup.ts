/** Brings a backup of another place to this device, so that it can be restored from. */
import type { RowReader } from '#core/backup-rows.ts';
import type { BackupInfo, BroughtFrom } from '#core/backups.ts';
import type { FileSource, FileTarget } from './copy-backup.ts';
import type { createKeptBackups, Run } from './kept-backups.ts';
import { BROUGHT_MS } from './kept-state.ts';
import type { Manifest } from './manifest.ts';
import type { Place } from './place.ts';

type Kept = ReturnType<typeof createKeptBackups>;

/** Where it lies; `files` null where there are none beside it. */
export interface BroughtSource {
  readonly place: Place;
  readonly kept: Pick<Kept, 'find'>;
  readonly files: FileSource | null;
}

export interface BroughtTarget {
  /** Of this device. */
  readonly kept: Pick<Kept, 'list' | 'pin' | 'receive' | 'verify'>;
  readonly run: Run;
  readonly nowMs: number;
  /** The pictures and files of this device. */
  readonly files: () => Promise<FileTarget>;
  readonly rows: () => Promise<RowReader | null>;
}

/** Throws a `Failure`. One that is here already, and whole, is not copied again. */
export async function bringBackup(
  id: string,
  source: BroughtSource,
  from: BroughtFrom,
  { kept, run, nowMs, files, rows }: BroughtTarget,
): Promise<BackupInfo> {
  const here = (await kept.list()).backups.find((one) => one.id === id && one.damaged.length === 0);
  if (here?.from) await kept.pin(id, nowMs + BROUGHT_MS);
  if (here) return here;
  const manifest: Manifest = { ...(await source.kept.find(id)), reason: 'safety', from };
  const both = source.files && { from: source.files, to: await files() };
  const { info, lackingParts } = await kept.receive(manifest, { ...run, from: source.place, files: both, acceptDamage: true });
  // The rest of it can be restored: what is missing is known by name before that.
  return lackingParts.length === 0 ? info : kept.verify(id, await rows(), run);
}
