/**
 * The root of the search worker: it reads the workspace by itself, keeps its index at the store's present state, and
 * answers the queries of its page. Each tab that searches has one; the index that they start from is kept by whichever
 * has the lock, so that no tab depends on another.
 */
import { expose } from 'comlink';
import type { StoreError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { find } from '#features/search/find.ts';
import { createIndexKeeper } from '#features/search/index-keeper.ts';
import { narrow } from '#features/search/narrow.ts';
import type { SearchState, SearchWorkerApi } from '#features/search/search-api.ts';
import { openChannel, systemClock, systemRandom, webLocks } from '#platform/system.ts';
import { openById } from '#store/open-by-id.ts';
import { openSearchDatabase } from '#store/schema/search-database.ts';

const ports = { clock: systemClock, random: systemRandom, locks: webLocks, openChannel };
/** A sync brings its changes in bursts, typing brings one every quarter of a second. */
const GATHER_MS = 150;
/** How long the order of a list, or a link, waits for the newest changes. */
const CATCH_UP_MS = 1000;

async function open(workspaceId: string, news: MessagePort) {
  const workspace = await openById(ports, workspaceId);
  if (!workspace.ok) return workspace;
  const { store, channel } = workspace.value;
  const database = await openSearchDatabase(workspaceId, systemClock);
  const keeper = await createIndexKeeper({
    ledger,
    changedSince: (localSeq, limit) => store.changedSince(localSeq, limit),
    load: database.load,
    keep: database.keep,
    locks: webLocks,
    lock: `holdfast-search:${workspaceId}`,
    clock: systemClock,
    onState: (state: SearchState) => news.postMessage(state),
  });
  let waiting = false;
  channel.onMessage((message) => {
    if (message.type !== 'changed' || waiting) return;
    waiting = true;
    systemClock.setTimer(GATHER_MS, () => {
      waiting = false;
      void keeper.follow();
    });
  });
  void keeper.follow();
  return ok({ keeper, store });
}

let opening: ReturnType<typeof open> | null = null;
type Parts = Extract<Awaited<ReturnType<typeof open>>, { readonly ok: true }>['value'];
const opened = async () => opening ?? err({ type: 'ConnectionLost', reason: 'the workspace has not been opened' } as const);

/** Looks at the index as far as it has come. A message about a change may be lost: whoever asks makes it look for itself. */
async function ask<V>(question: (parts: Parts) => Promise<Result<V, StoreError>>): Promise<Result<V, StoreError>> {
  const result = await opened();
  if (!result.ok) return result;
  void result.value.keeper.follow();
  return question(result.value);
}

/** Waits for the newest changes. A first run takes longer: the page asks again after it. Gives whether all are in. */
const catchUp = ({ keeper }: Parts): Promise<boolean> =>
  Promise.race([
    keeper.follow().then(() => true),
    new Promise<boolean>((resolve) => systemClock.setTimer(CATCH_UP_MS, () => resolve(false))),
  ]);

const api: SearchWorkerApi = {
  async open(workspaceId, news) {
    opening ??= open(workspaceId, news);
    const result = await opening;
    if (result.ok) return ok(undefined);
    opening = null;
    return result;
  },
  find: (request) => ask(({ keeper, store }) => find(keeper.index, ledger, store.getMany, request)),
  narrow: (request) => ask(({ keeper, store }) => narrow(keeper.index, ledger, store.getMany, request)),
  names: (kind) => ask(async ({ keeper }) => ok(keeper.index.catalog.names(kind))),
  carriers: ({ kind, names, all }) =>
    ask(async ({ keeper }) => {
      if (all) await keeper.follow();
      return ok(keeper.index.catalog.carriers(kind, names, all));
    }),
  order: ({ kind, by, from, limit }) =>
    ask(async (parts) => {
      // What was saved a moment ago is in the list that is opened now.
      if (from === 0) await catchUp(parts);
      const ids = parts.keeper.index.catalog.order(kind, by);
      return ok({ ids: ids.slice(from, from + limit), total: ids.length });
    }),
  titled: ({ kind, titles }) =>
    ask(async (parts) => {
      const complete = await catchUp(parts);
      return ok({ matches: parts.keeper.index.catalog.titled(kind, titles), complete });
    }),
  completeTitle: ({ kind, text, limit }) =>
    ask(async (parts) => {
      await catchUp(parts);
      return ok(parts.keeper.index.catalog.completeTitle(kind, text, limit));
    }),
  async keep() {
    const result = await opened();
    if (result.ok) await result.value.keeper.keep();
  },
};

expose(Object.freeze(api));
