/**
 * Files of what was brought that are not on this device: let go, or never looked at. They come from the server of the account that was
 * left, straight into the other workspace, which sends them to its own. Words do not wait for them.
 */
import type { BlobHash } from '#core/blobs.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { FetchError, KvError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import type { StoreContext } from '#store/schema/context.ts';
import type { BringFiles } from '#store/schema/registry-schema.ts';
import type { EntityRow } from '#store/schema/schema.ts';
import { type BringSource, comingAlong } from './bring-along.ts';
import type { CarryBlobs } from './bring-blobs.ts';

/** What says that the server of the account that was left has no such file, and will have none. */
const NOWHERE: ReadonlySet<FetchError['type']> = new Set(['BlobMissing', 'WrongBytes', 'AccountDeleted']);

/** Entities in one step. */
const PAGE = 100;

export interface FilesWorld {
  readonly from: BringSource;
  readonly into: Pick<StoreContext, 'ledger' | 'deviceId'>;
  readonly carryBlobs: CarryBlobs;
  /** Gets one from the server of the account that was left into the other workspace. */
  readonly fetchFormer: (hash: BlobHash) => Promise<Result<unknown, FetchError>>;
  /** Asked before each file: false where the person has ended it. */
  readonly goesOn: () => Promise<boolean>;
}

/** What is left after one look at all that was brought; null where it was ended. What has come is not asked for again. */
export async function bringFiles({
  from,
  into,
  carryBlobs,
  fetchFormer,
  goesOn,
}: FilesWorld): Promise<Result<Pick<BringFiles, 'left' | 'why' | 'missing'> | null, KvError>> {
  const lacking = new Set<BlobHash>();
  let [left, missing] = [0, 0];
  let why: FetchError | null = null;
  let isAnswering = true;
  for (let after: KeyPair | null = null; ; ) {
    const range: object = after === null ? {} : { lower: after, lowerOpen: true };
    const page: Result<{ readonly rows: readonly EntityRow[] }, KvError> = await from.kv.read({
      rows: { list: 'entities', limit: PAGE, ...range },
    });
    if (!page.ok) return page;
    const { rows } = page.value;
    const carried = await carryBlobs(comingAlong(from, into, rows).map(({ key }) => key));
    if (!carried.ok) return carried;
    for (const hash of carried.value) {
      if (lacking.has(hash)) continue;
      if (!(await goesOn())) return ok(null);
      const fetched: Result<unknown, FetchError> | null = isAnswering ? await fetchFormer(hash) : null;
      if (fetched?.ok) continue;
      lacking.add(hash);
      const error: FetchError | null = fetched?.error ?? why;
      if (error && NOWHERE.has(error.type)) {
        missing += 1;
        // That server has none of the others either.
        if (error.type === 'AccountDeleted') [isAnswering, why] = [false, error];
      } else {
        left += 1;
        why = error;
        // A smaller one may find room; for any other reason the next would meet the same.
        isAnswering &&= error?.type === 'QuotaExceeded';
      }
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return ok({ left, why: left > 0 ? why : null, missing });
    after = [last.kind, last.id];
  }
}
