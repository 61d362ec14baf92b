/** The files that entities name come along before the entities do. */
import type { BlobHash } from '#core/blobs.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { BlobError, KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobStore } from '#store/blob-store.ts';
import { namedByEntities } from '#store/blobs/named-blobs.ts';
import { openBlobs } from '#store/blobs/open-blobs.ts';
import type { Workspace, WorldPorts } from '#store/workspace.ts';

/**
 * Brings what these entities, and their kept revisions, name, as far as it is on this device. Gives what is not, and is not on the server
 * of the other account either. Repeating it changes nothing.
 */
export type CarryBlobs = (keys: readonly KeyPair[]) => Promise<Result<readonly BlobHash[], KvError>>;

/** The files of a workspace of this browser. */
export const filesOf = (ports: WorldPorts, { kv, journal, row }: Workspace): Promise<BlobStore> =>
  openBlobs({ ...ports, kv, journal, workspaceId: row.id });

/** From one workspace of this browser into another. */
export async function createCarrier(ports: WorldPorts, from: Workspace, into: Workspace): Promise<CarryBlobs> {
  const [source, target] = await Promise.all([filesOf(ports, from), filesOf(ports, into)]);
  return carryBlobs(from.kv, source, target);
}

export function carryBlobs(kv: Workspace['kv'], source: BlobStore, target: BlobStore): CarryBlobs {
  return async (keys) => {
    const named = await namedByEntities(kv, keys);
    if (!named.ok) return named;
    const hashes = [...named.value];
    if (hashes.length === 0) return ok([]);
    const there = await target.info(hashes);
    if (!there.ok) return there;
    const lacking: BlobHash[] = [];
    for (const [at, hash] of hashes.entries()) {
      const known = there.value[at];
      if (known?.here) continue;
      const carried = await carryBlob(source, target, hash);
      if (!carried.ok) return carried;
      if (!carried.value && !known?.sent) lacking.push(hash);
    }
    return ok(lacking);
  };
}

/** False for what is not here, or is damaged: the entity shows that it is missing, as it did before. */
async function carryBlob(source: BlobStore, target: BlobStore, hash: BlobHash): Promise<Result<boolean, KvError>> {
  const [known, bytes, pictures] = await Promise.all([source.info([hash]), source.read(hash), source.thumbnails([hash])]);
  if (!known.ok) return known;
  if (!bytes.ok) return bytes;
  if (!pictures.ok) return pictures;
  const info = known.value[0];
  if (!info || !bytes.value) return ok(false);
  const { type, width, height } = info;
  const size = width === undefined || height === undefined ? {} : { width, height };
  // The other account's server has said nothing of this one's.
  const put = unlessDamaged(await target.put(bytes.value, { type, ...size, expect: hash }));
  const picture = pictures.value[0];
  if (!put.ok || !put.value || !picture) return put;
  const kept = unlessDamaged(await target.putThumbnail(hash, picture));
  return kept.ok ? put : kept;
}

function unlessDamaged(result: Result<unknown, BlobError>): Result<boolean, KvError> {
  if (result.ok) return ok(true);
  const { error } = result;
  if (error.type === 'WrongBytes' || error.type === 'FileUnreadable' || error.type === 'Canceled') return ok(false);
  return { ok: false, error };
}
