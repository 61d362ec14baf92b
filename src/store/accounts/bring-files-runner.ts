/** Has the files of what was brought fetched (`bring-files.ts`), in one context of this browser at a time, until none is left. */
import type { BlobHash } from '#core/blobs.ts';
import { type BlobNews, blobChannel } from '#core/channels.ts';
import type { FetchError, KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobStore } from '#store/blob-store.ts';
import type { BringRow, WorkspaceRow } from '#store/schema/registry-schema.ts';
import type { Workspace, WorldPorts } from '#store/workspace.ts';
import { carryBlobs, filesOf } from './bring-blobs.ts';
import { bringFiles } from './bring-files.ts';
import type { Registry } from './registry.ts';
import { createTurn } from './turn.ts';
import { withWorkspace } from './with-workspace.ts';

/** Held by the context that fetches; beside the lock of those who bring words. */
const FILES_LOCK = 'holdfast-bring-files';
/** While files come, they are sent on this often; and at the end. */
const ASK_MS = 10_000;
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 60 * 60_000;
/** What that server did not have either is looked for again at the first start after this: another device may have sent it. */
const DAY_MS = 24 * 3_600_000;

/** Gives what gets a file from the server of the account of `from` into the store `into`, which belongs to another account. */
export type OpenFormer = (from: Workspace, into: BlobStore) => Promise<Result<FetchFormer, KvError>>;
export type FetchFormer = (hash: BlobHash) => Promise<Result<unknown, FetchError>>;

/** Whether the files of what was brought are all in the other workspace, or on no server that could be asked. */
export const hasAllFiles = ({ state, seq, files }: BringRow): boolean =>
  state === 'following' && files !== undefined && files.seq === seq && files.left === 0;

export function createFilesRunner(
  ports: WorldPorts,
  registry: Registry,
  openFormer: OpenFormer,
  onNews: () => void,
): { readonly resume: () => void } {
  let tries = 0;
  let cancel = (): void => {};

  const isDue = (bring: BringRow): boolean =>
    !hasAllFiles(bring) ||
    (bring.files !== undefined && bring.files.missing > 0 && Math.abs(ports.clock.now() - bring.files.lookedAt) >= DAY_MS);

  const run = async (): Promise<void> => {
    cancel();
    const state = await registry.state();
    if (!state.ok) return;
    const { activeId, rows, brings } = state.value;
    let isAllThere = true;
    for (const bring of brings) {
      if (bring.state !== 'following' || bring.into !== activeId || !isDue(bring)) continue;
      const done = await runFiles(ports, registry, openFormer, rows, bring);
      isAllThere &&= done.ok && done.value;
      onNews();
    }
    tries = isAllThere ? 0 : tries + 1;
    if (!isAllThere) cancel = ports.clock.setTimer(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1)), resume);
  };
  const resume = createTurn(ports.locks, FILES_LOCK, run);
  return { resume };
}

/** Whether none is left that could be had. */
async function runFiles(
  ports: WorldPorts,
  registry: Registry,
  openFormer: OpenFormer,
  rows: readonly WorkspaceRow[],
  { from: fromId, into: intoId, seq }: BringRow,
): Promise<Result<boolean, KvError>> {
  const [fromRow, intoRow] = [fromId, intoId].map((id) => rows.find((row) => row.id === id));
  if (!fromRow || !intoRow || seq === null) return ok(true);
  return withWorkspace(ports, fromRow, (from) =>
    withWorkspace(ports, intoRow, async (into) => {
      const [source, target] = await Promise.all([filesOf(ports, from), filesOf(ports, into)]);
      const former = await openFormer(from, target);
      if (!former.ok) return former;
      const news = ports.openChannel<BlobNews>(blobChannel(intoId));
      let askedAt = ports.clock.now();
      const brought = await bringFiles({
        from: { kv: from.kv, row: fromRow },
        into: into.context,
        carryBlobs: carryBlobs(from.kv, source, target),
        async fetchFormer(hash) {
          const fetched = await former.value(hash);
          if (!fetched.ok) return fetched;
          news.post({ type: 'here', hash });
          const now = ports.clock.now();
          if (now - askedAt >= ASK_MS) {
            askedAt = now;
            news.post({ type: 'waiting' });
          }
          return fetched;
        },
        async goesOn() {
          const state = await registry.state();
          return !state.ok || state.value.brings.some((one) => one.from === fromId && one.into === intoId);
        },
      });
      news.post({ type: 'waiting' });
      news.close();
      if (!brought.ok || brought.value === null) return brought.ok ? ok(true) : brought;
      const files = { ...brought.value, seq, lookedAt: ports.clock.now() };
      const noted = await registry.moveBring(fromId, { files });
      return noted.ok ? ok(files.left === 0) : noted;
    }),
  );
}
