import type { BlobHash } from '#core/blobs.ts';
import type { KvError } from '#core/errors.ts';
import type { Key, Kv } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { FileCount } from '#store/blob-store.ts';
import { IN_USE_MS, mayLeave } from '#store/blobs/leaving.ts';
import { sharedNames } from '#store/blobs/shared-blobs.ts';
import type { KindUsage, Usage } from '#store/calls/worker-api.ts';
import { estimateBytes } from '#store/schema/rows.ts';
import { BINNED, LIVE, type WorkspaceTables } from '#store/schema/schema.ts';

/** Rows read in one transaction: a save never waits long behind one. */
const PAGE = 500;
const NONE: FileCount = { files: 0, bytes: 0 };

/** What takes the room in a workspace, largest first. Reads every row once, page by page: a second or two for 100,000. */
export async function measureUsage(
  kv: Kv<WorkspaceTables>,
  nowMs: number,
  backups: FileCount = NONE,
): Promise<Result<Usage, KvError>> {
  const kinds = new Map<string, KindUsage>();
  const shared = new Set<BlobHash>();
  for (let after: Key | null = null; ; ) {
    const page: Awaited<ReturnType<typeof readEntities>> = await readEntities(kv, after);
    if (!page.ok) return page;
    for (const row of page.value.rows) {
      const { kind, place, bytes } = row;
      for (const hash of sharedNames(row)) shared.add(hash);
      const before = kinds.get(kind) ?? { kind, live: 0, binned: 0, bytes: 0 };
      kinds.set(kind, {
        kind,
        live: before.live + (place === LIVE ? 1 : 0),
        binned: before.binned + (place === BINNED ? 1 : 0),
        bytes: before.bytes + bytes,
      });
    }
    const last = page.value.rows.at(-1);
    if (!last) break;
    after = [last.kind, last.id];
  }
  const history = { states: 0, bytes: 0 };
  for (let after: Key | null = null; ; ) {
    const page: Awaited<ReturnType<typeof readStates>> = await readStates(kv, after);
    if (!page.ok) return page;
    for (const { fields } of page.value.rows) {
      history.states += 1;
      history.bytes += estimateBytes(fields);
    }
    const last = page.value.rows.at(-1);
    if (!last) break;
    after = [last.kind, last.id, last.order];
  }
  const files = await measureFiles(kv, shared, nowMs);
  return files.ok
    ? ok({ kinds: [...kinds.values()].sort((a, b) => b.bytes - a.bytes), history, backups, ...files.value })
    : files;
}

type FileUsage = Pick<Usage, 'files' | 'thumbnails' | 'spare' | 'letGo'>;
const add = ({ files, bytes }: FileCount, size: number): FileCount => ({ files: files + 1, bytes: bytes + size });

/** What of files is here, by the first word of their media type, and what is not, or need not be. Reads no bytes. */
async function measureFiles(
  kv: Kv<WorkspaceTables>,
  shared: ReadonlySet<BlobHash>,
  nowMs: number,
): Promise<Result<FileUsage, KvError>> {
  const groups = new Map<string, FileCount>();
  let [thumbnails, spare, letGo] = [NONE, NONE, NONE];
  for (let after: Key | null = null; ; ) {
    const page: Awaited<ReturnType<typeof readBlobRows>> = await readBlobRows(kv, after);
    if (!page.ok) return page;
    for (const row of page.value.rows) {
      if (row.thumbnail !== undefined) thumbnails = add(thumbnails, row.thumbnail);
      if (shared.has(row.hash) && mayLeave(row, { nowMs, unusedMs: IN_USE_MS })) spare = add(spare, row.size);
      if (row.letGo) letGo = add(letGo, row.size);
      if (row.at === null) continue;
      const group = /^[a-z]+(?=\/)/.exec(row.type)?.[0] ?? '';
      groups.set(group, add(groups.get(group) ?? NONE, row.size));
    }
    const last = page.value.rows.at(-1);
    if (last) {
      after = last.hash;
      continue;
    }
    const files = [...groups].map(([group, count]) => ({ group, ...count })).sort((a, b) => b.bytes - a.bytes);
    return ok({ files, thumbnails, spare, letGo });
  }
}

const from = (after: Key | null) => (after === null ? {} : { lower: after, lowerOpen: true });
const readEntities = (kv: Kv<WorkspaceTables>, after: Key | null) =>
  kv.read({ rows: { list: 'entities', limit: PAGE, ...from(after) } });
const readStates = (kv: Kv<WorkspaceTables>, after: Key | null) =>
  kv.read({ rows: { list: 'history', limit: PAGE, ...from(after) } });
const readBlobRows = (kv: Kv<WorkspaceTables>, after: Key | null) =>
  kv.read({ rows: { list: 'blobs', limit: PAGE, ...from(after) } });
