/** Removes from a place what no list in it names any more. */
import * as v from 'valibot';
import type { BackupList } from '#core/backups.ts';
import type { Clock } from '#core/ports.ts';
import { FILES, fileOf, idOfManifest, type Manifest } from './manifest.ts';
import { partPath } from './parts.ts';
import type { Place } from './place.ts';
import { readNotes, writeNotes } from './place-notes.ts';

/** What only this browser writes is removed when it is this old: its list is written last. */
const GRACE_MS = 60_000;
/** In a folder that another program fills from another device, a list may be so much later than what it names. */
const SHARED_GRACE_MS = 3 * 24 * 3_600_000;

/** When what nothing names was seen first, by its path, wall time in ms. The times of its files are those of the device that they come from. */
const NOTES = 'unnamed.json';
const notesShape = v.record(v.string(), v.number());

export interface SweepOptions {
  readonly place: Place;
  readonly clock: Pick<Clock, 'now'>;
  /** Others may write there, and what they write may come in any order. */
  readonly isShared: boolean;
}

export interface Named {
  readonly manifests: readonly Manifest[];
  readonly unreadable: BackupList['unreadable'];
}

/** The ids of all lists that are there, also of those that cannot be read. */
export const idsIn = ({
  manifests,
  unreadable,
}: { readonly manifests: readonly Pick<Manifest, 'id'>[] } & Pick<Named, 'unreadable'>): readonly string[] => [
  ...manifests.map(({ id }) => id),
  ...unreadable.flatMap(({ name }) => idOfManifest(name) ?? []),
];

/**
 * Under the lock of the place. `there` are the parts in it, `removed` the backups whose lists were removed just now. A list that cannot be read may name
 * anything: nothing is removed then.
 */
export async function sweepPlace(
  { place, clock, isShared }: SweepOptions,
  there: ReadonlySet<string>,
  { manifests, unreadable }: Named,
  removed: readonly Manifest[],
): Promise<void> {
  if (unreadable.length > 0) return;
  const named = pathsOf(manifests);
  const files = (await place.list(FILES)).map(fileOf);
  const unnamed = [...[...there].map(partPath), ...files].filter((path) => !named.has(path));
  if (isShared) return sweepShared({ place, clock }, unnamed, manifests, removed);
  for (const path of unnamed) if (await isOld({ place, clock }, path)) await place.remove(path);
}

function pathsOf(manifests: readonly Manifest[]): ReadonlySet<string> {
  const paths = new Set(manifests.flatMap(({ parts }) => parts.map(({ hash }) => partPath(hash))));
  for (const { blobs } of manifests) for (const { file } of blobs) paths.add(file);
  return paths;
}

async function isOld({ place, clock }: Omit<SweepOptions, 'isShared'>, path: string): Promise<boolean> {
  const at = await place.modifiedAt(path);
  return at !== null && Math.abs(clock.now() - at) >= GRACE_MS;
}

/** What a removed backup of a workspace that is alone there named goes at once; what has come from elsewhere when its list is long overdue. */
async function sweepShared(
  { place, clock }: Omit<SweepOptions, 'isShared'>,
  unnamed: readonly string[],
  manifests: readonly Manifest[],
  removed: readonly Manifest[],
): Promise<void> {
  const isAlone = new Set([...manifests, ...removed].map(({ workspace }) => workspace)).size <= 1;
  const own = isAlone ? pathsOf(removed) : new Set<string>();
  // Where they are lost, the time begins again.
  const before = (await readNotes(place, NOTES, notesShape)) ?? {};
  const nowMs = clock.now();
  const notes: { [path: string]: number } = {};
  for (const path of unnamed) {
    // A clock that was set back makes nothing older.
    const since = Math.min(before[path] ?? nowMs, nowMs);
    const isOver = own.has(path) ? await isOld({ place, clock }, path) : nowMs - since >= SHARED_GRACE_MS;
    if (isOver) await place.remove(path);
    else notes[path] = since;
  }
  if (JSON.stringify(notes) === JSON.stringify(before)) return;
  if (Object.keys(notes).length === 0) await place.remove(NOTES);
  else await writeNotes(place, NOTES, notes);
}
