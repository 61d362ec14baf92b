/** The files that entities name come along before the entities do. */
import type { BlobHash } from '#core/blobs.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { BlobError, KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobStore } from '#store/blob-store.ts';
import { namedByEntities } from '#store/blobs/named-blobs.ts';
import { openBlobs } from '#store/blobs/open-blobs.ts';
import type { Workspace, WorldPorts } from '#store/workspace.ts';

/** Brings what these entities, and their kept revisions, name. Repeating it changes nothing. */
export type CarryBlobs = (keys: readonly KeyPair[]) => Promise<Result<void, KvError>>;

/** From one workspace of this browser into another. */
export async function createCarrier(ports: WorldPorts, from: Workspace, into: Workspace): Promise<CarryBlobs> {
  const [source, target] = await Promise.all(
    [from, into].map(({ kv, journal, row }) => openBlobs({ ...ports, kv, journal, workspaceId: row.id })),
  );
  return source && target ? carryBlobs(from.kv, source, target) : async () => ok(undefined);
}

export function carryBlobs(kv: Workspace['kv'], source: BlobStore, target: BlobStore): CarryBlobs {
  return async (keys) => {
    const named = await namedByEntities(kv, keys);
    if (!named.ok) return named;
    const hashes = [...named.value];
    if (hashes.length === 0) return ok(undefined);
    const there = await target.have(hashes);
    if (!there.ok) return there;
    for (const hash of hashes) {
      if (there.value.includes(hash)) continue;
      const carried = await carryBlob(source, target, hash);
      if (!carried.ok) return carried;
    }
    return ok(undefined);
  };
}

/** What is not here, or is damaged, cannot come along: the entity shows that it is missing, as it did before. */
async function carryBlob(source: BlobStore, target: BlobStore, hash: BlobHash): Promise<Result<void, KvError>> {
  const [known, bytes, pictures] = await Promise.all([source.info([hash]), source.read(hash), source.thumbnails([hash])]);
  if (!known.ok) return known;
  if (!bytes.ok) return bytes;
  if (!pictures.ok) return pictures;
  const info = known.value[0];
  if (!info || !bytes.value) return ok(undefined);
  const { type, width, height } = info;
  const size = width === undefined || height === undefined ? {} : { width, height };
  // The other account's server has said nothing of this one's.
  const put = unlessDamaged(await target.put(bytes.value, { type, ...size, expect: hash }));
  const picture = pictures.value[0];
  return put.ok && picture ? unlessDamaged(await target.putThumbnail(hash, picture)) : put;
}

function unlessDamaged(result: Result<unknown, BlobError>): Result<void, KvError> {
  if (result.ok) return ok(undefined);
  const { error } = result;
  if (error.type === 'WrongBytes' || error.type === 'FileUnreadable' || error.type === 'Canceled') return ok(undefined);
  return { ok: false, error };
}
