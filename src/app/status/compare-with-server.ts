import type { KeyPair } from '#core/entity-key.ts';
import type { AccountId } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { AccountApi } from '#sync/account-api.ts';
import { compareVersions, type HereVersion, type KindComparison, type Pages, type ThereVersion } from './comparison.ts';
import type { CompareError, CompareOptions } from './status-service.ts';

export interface CompareSides {
  readonly client: Pick<StoreClient, 'versions'>;
  readonly api: Pick<AccountApi, 'manifest'>;
  readonly accountId: AccountId;
  /** The seq of the account up to which this device has pulled. */
  readonly cursor: number;
}

/** Reads both sides page by page and compares them, until the end, the first error, or the person cancels. */
export function compareWithServer(
  { client, api, accountId, cursor }: CompareSides,
  { signal, onProgress }: CompareOptions,
): Promise<Result<readonly KindComparison[], CompareError>> {
  let total = 0;
  let after: KeyPair | null | undefined;
  const nextPage = api.manifest(accountId);

  const here: Pages<HereVersion, CompareError> = async () => {
    if (after === null) return ok(null);
    const page = await client.versions(after ?? null, true);
    if (!page.ok) return page;
    after = page.value.next;
    return ok(page.value.versions);
  };
  const there: Pages<ThereVersion, CompareError> = async () => {
    const page = await nextPage();
    if (!page.ok) return page;
    total = page.value?.count ?? total;
    return ok(page.value?.entries ?? null);
  };
  const cancellable =
    <V>(pages: Pages<V, CompareError>): Pages<V, CompareError> =>
    async () =>
      signal.aborted ? err({ type: 'Cancelled' }) : pages();
  return compareVersions(cancellable(here), cancellable(there), cursor, (done) => onProgress(done, Math.max(done, total)));
}
