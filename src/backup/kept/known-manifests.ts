import { ok } from '#core/result.ts';
import { type Manifest, readManifest } from './manifest.ts';

/** Manifests by the name of their file, with what tells one file from another of that name. */
export type KnownManifests = Map<string, { readonly at: number; readonly size: number; readonly manifest: Manifest }>;

/** A manifest that was read before and is the same file still is not read again: with many backups of many notes that takes seconds. */
export async function readKnown(
  manifests: KnownManifests | undefined,
  name: string,
  file: Blob,
): ReturnType<typeof readManifest> {
  const at = 'lastModified' in file ? Number(file.lastModified) : null;
  const known = manifests?.get(name);
  if (known && at !== null && known.at === at && known.size === file.size) return ok(known.manifest);
  const read = await readManifest(file);
  if (read.ok && at !== null) manifests?.set(name, { at, size: file.size, manifest: read.value });
  return read;
}
