import type { Observable } from '#app/observable.ts';
import type { StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { NameCounts } from '#features/search/catalog.ts';
import type {
  CarriersRequest,
  CompleteTitleRequest,
  NarrowRequest,
  OrderAnswer,
  OrderRequest,
  SearchAnswer,
  SearchRequest,
  SearchState,
  TitledAnswer,
  TitledRequest,
} from '#features/search/search-api.ts';
import type { TitleMatch } from '#features/search/title-index.ts';

/** Full text search over the workspace, as the UI sees it. It answers offline, and while it is still indexing. */
export interface Search {
  /** `ready` comes again after each change that was taken in: an answer on the screen is then asked for again. */
  readonly state: Observable<SearchState>;
  /** The best hits by kind. Offline as well; `text` that holds no word finds nothing. */
  find(request: SearchRequest): Promise<Result<SearchAnswer, StoreError>>;
  /** Ids of the entities of a kind that hold the words, newest first: what a list narrowed to them looks at first. */
  narrow(request: NarrowRequest): Promise<Result<readonly string[], StoreError>>;
  /** The names that the live documents of a kind carry, by field, as far as the index has come. */
  names(kind: string): Promise<Result<NameCounts, StoreError>>;
  /** Ids of the documents that carry these names, the newest first. */
  carriers(request: CarriersRequest): Promise<Result<readonly string[], StoreError>>;
  /** A part of all live documents by title, or by the time they were made; pinned ones first. */
  order(request: OrderRequest): Promise<Result<OrderAnswer, StoreError>>;
  /** For each title the live document of a kind that is called so, compared without case and accents. */
  titled(request: TitledRequest): Promise<Result<TitledAnswer, StoreError>>;
  /** Live documents of a kind whose titles hold the words of a text, the best first. */
  completeTitle(request: CompleteTitleRequest): Promise<Result<readonly TitleMatch[], StoreError>>;
}
