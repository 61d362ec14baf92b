import type { App, EntityView } from '#app/app.ts';
import type { StoreError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { ListLookup } from '#ui/search/list-lookup.ts';
import type { SortName } from './document-order.ts';

/** So many are read and sorted here; the order of more is asked of the search index. */
const MAX_SORTED_HERE = 500;

export interface Page {
  readonly views: readonly EntityView[];
  /** No page follows. */
  readonly isLast: boolean;
}

/** The live documents of a kind, page by page. */
export interface DocumentPages {
  /** What comes is in the order that was asked for: a row may be shown where it is before the last page is there. */
  readonly isOrdered: boolean;
  next(limit: number): Promise<Result<Page, StoreError>>;
}

type PagesApp = Pick<App, 'get' | 'list' | 'count'>;

/**
 * Opens the list at its beginning. By the last change the store gives the pages; it has no other order. A short list is read whole
 * and sorted by whoever asks; of a long one the search index knows the order, and the documents are read by their ids. Without an
 * index everything is read.
 */
export async function openPages(app: PagesApp, kind: string, sort: SortName, lookup: ListLookup): Promise<DocumentPages> {
  if (sort === 'changed') return listPages(app, kind, true);
  const counted = await app.count(kind, 'live');
  if (!counted.ok || counted.value <= MAX_SORTED_HERE) return listPages(app, kind, false);
  const first = await lookup.order(sort, 0, 0);
  if (!first?.ok) return listPages(app, kind, false);
  let from = 0;
  return {
    isOrdered: true,
    async next(limit) {
      const part = await lookup.order(sort, from, limit);
      if (!part) return err({ type: 'WorkerLost', reason: 'the search did not load' });
      if (!part.ok) return part;
      const { ids, total } = part.value;
      from += ids.length;
      const found = await Promise.all(ids.map((id) => app.get(kind, id)));
      const failed = found.find((result) => !result.ok);
      if (failed && !failed.ok) return failed;
      // The index may be a moment behind: what has gone to the bin since is not in the list.
      const views = found.flatMap((result) => (result.ok && result.value?.lifecycle === 'live' ? [result.value] : []));
      return ok({ views, isLast: ids.length < limit || from >= total });
    },
  };
}

function listPages(app: PagesApp, kind: string, isOrdered: boolean): DocumentPages {
  let after: string | undefined;
  return {
    isOrdered,
    async next(limit) {
      const page = await app.list({ kind, limit, ...(after !== undefined && { after }) });
      if (!page.ok) return page;
      after = page.value.next ?? undefined;
      return ok({ views: page.value.items, isLast: after === undefined });
    },
  };
}
