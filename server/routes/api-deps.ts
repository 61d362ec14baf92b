import type { Clock } from '#core/ports.ts';
import type { BlobApi } from '#server/api/blobs.ts';
import type { SyncApi } from '#server/api/sync-api.ts';
import type { HttpConfig } from '#server/config.ts';
import type { EventHub } from '#server/event-hub.ts';
import type { RateChecks } from '#server/http/rate-limit.ts';
import type { Metrics } from '#server/metrics.ts';
import type { Storage } from '#server/storage/storage.ts';

/** What the routes under /api work with. */
export interface ApiDeps {
  readonly api: SyncApi;
  readonly blobs: BlobApi;
  readonly hub: EventHub;
  readonly storage: Storage;
  readonly metrics: Metrics;
  readonly rates: RateChecks;
  readonly clock: Clock;
  readonly config: HttpConfig;
  /** For crash tests: runs after a push has been committed and before it is answered. */
  readonly afterCommit: (() => Promise<void>) | undefined;
}
