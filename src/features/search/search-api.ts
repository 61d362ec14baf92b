/** What search answers, and what its worker offers to a page. Plain data both ways. */
import type { StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { ListOrder, NameCounts } from './catalog.ts';
import type { MarkedText } from './snippet.ts';
import type { TitleMatch } from './title-index.ts';

export interface SearchRequest {
  readonly text: string;
  /** Only these top-level kinds; all that are searched where it is absent. */
  readonly kinds?: readonly string[];
  /** Hits of each kind. */
  readonly limit: number;
}

/** A top-level entity in which every word of the query was found. */
export interface SearchHit {
  readonly kind: string;
  readonly id: string;
  readonly title: MarkedText;
  readonly labels: MarkedText;
  readonly snippet: MarkedText;
  /** Wall time in ms of the last change to what was found. */
  readonly updatedAt: number;
  /** Where the best of it is: in the entity itself or in a child, as an offset in its text; -1 where only the title fits. */
  readonly at: { readonly kind: string; readonly id: string; readonly offset: number };
}

export interface SearchGroup {
  readonly kind: string;
  readonly hits: readonly SearchHit[];
  /** How many there are; `hits` are the best of them. */
  readonly total: number;
}

export interface SearchAnswer {
  /** In the order of the ledger, without empty ones. */
  readonly groups: readonly SearchGroup[];
  /** False where the words are so common that `total` counts only the newest texts, and all titles. */
  readonly complete: boolean;
}

/** `indexing`: what has been looked at is found already. */
export type SearchState =
  | { readonly type: 'loading' }
  | { readonly type: 'indexing'; readonly done: number; readonly total: number }
  | { readonly type: 'ready'; readonly documents: number; readonly localSeq: number }
  | { readonly type: 'failed'; readonly error: StoreError };

export interface NarrowRequest {
  readonly text: string;
  readonly kind: string;
  readonly limit: number;
}

export interface CarriersRequest {
  readonly kind: string;
  /** The names that a document must carry, by field. */
  readonly names: { readonly [field: string]: string };
  /** Also what is in the bin, and nothing missing: waits until the index is at the store's present state. */
  readonly all: boolean;
}

export interface OrderRequest {
  readonly kind: string;
  readonly by: ListOrder;
  readonly from: number;
  readonly limit: number;
}

/** A part of the order of a kind's live documents. */
export interface OrderAnswer {
  readonly ids: readonly string[];
  readonly total: number;
}

export interface TitledRequest {
  readonly kind: string;
  readonly titles: readonly string[];
}

export interface TitledAnswer {
  /** For each title the document that is called so. */
  readonly matches: readonly (TitleMatch | null)[];
  /** False while the index is not at the store's present state: what is missing may only not have been looked at yet. */
  readonly complete: boolean;
}

export interface CompleteTitleRequest {
  readonly kind: string;
  readonly text: string;
  readonly limit: number;
}

export interface SearchWorkerApi {
  /** Opens a workspace of this browser. The first call of a worker's life; `news` carries each `SearchState`. */
  open(workspaceId: string, news: MessagePort): Promise<Result<void, StoreError>>;
  find(request: SearchRequest): Promise<Result<SearchAnswer, StoreError>>;
  narrow(request: NarrowRequest): Promise<Result<readonly string[], StoreError>>;
  /** The names that the live documents of a kind carry, and how many carry each, as far as the index has come. */
  names(kind: string): Promise<Result<NameCounts, StoreError>>;
  carriers(request: CarriersRequest): Promise<Result<readonly string[], StoreError>>;
  order(request: OrderRequest): Promise<Result<OrderAnswer, StoreError>>;
  titled(request: TitledRequest): Promise<Result<TitledAnswer, StoreError>>;
  completeTitle(request: CompleteTitleRequest): Promise<Result<readonly TitleMatch[], StoreError>>;
  /** Keeps the index for the next start, where it has changed much. Called before the worker is ended. */
  keep(): Promise<void>;
}
