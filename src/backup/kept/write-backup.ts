/** The two steps of which every backup of a place is made: its parts, and the manifest that is written last. */
import { canonicalJson } from '#core/json.ts';
import type { StopSignal } from '#core/stop.ts';
import { Failure } from './failure.ts';
import { type Manifest, manifestPath, type PartEntry, readManifest, writeManifest } from './manifest.ts';
import { checkPart, type PartContent, packPart, partPath } from './parts.ts';
import type { Place } from './place.ts';

/** Throws `BackupStopped` where it was stopped. */
export function goOnUnless(signal: Pick<StopSignal, 'aborted'>): void {
  if (signal.aborted) throw new Failure({ type: 'BackupStopped' });
}

/** What a run does between two steps: it waits, and throws `BackupStopped` where it was stopped by then. */
export async function rest({
  signal,
  pause,
}: {
  readonly signal: StopSignal;
  readonly pause: () => Promise<void>;
}): Promise<void> {
  await pause();
  goOnUnless(signal);
}

export interface PartWriter {
  /** The parts that are there as they should be, known by this writer. */
  readonly written: ReadonlySet<string>;
  /** Writes a part that is not there, and reads it back from where it lies. A repeated part is written once. One at a time. */
  write(part: PartContent): Promise<PartEntry>;
}

/** `kept`: the parts that lie in the place and are not known to be damaged. */
export function createPartWriter(place: Place, kept: ReadonlySet<string>): PartWriter {
  const written = new Set<string>();
  return {
    written,
    async write(part) {
      const { entry, bytes } = await packPart(part);
      if (written.has(entry.hash)) return entry;
      const path = partPath(entry.hash);
      const isThere = async (): Promise<boolean> => (await checkPart(await place.read(path), entry)).ok;
      // A part of that name may have been left by a backup that was stopped.
      if (!(kept.has(entry.hash) && (await isThere()))) {
        await place.write(path, bytes);
        if (!(await isThere())) throw new Failure({ type: 'PlaceFailed', reason: 'a part did not come back as it was written' });
      }
      written.add(entry.hash);
      return entry;
    },
  };
}

/** Written last, and read back: from then on it is a backup. */
export async function writeWhole(place: Place, made: Manifest): Promise<void> {
  const path = manifestPath(made.id);
  await place.write(path, await writeManifest(made));
  const back = await place.read(path);
  const read = back && (await readManifest(back));
  if (read?.ok && canonicalJson(read.value as never) === canonicalJson(made as never)) return;
  await place.remove(path).catch(() => {});
  throw new Failure({ type: 'PlaceFailed', reason: 'the list of the backup did not come back as it was written' });
}
