/**
 * Distinguishes a bucket that was emptied, or another one in its place, from single objects that are gone, by one small listing.
 * Without it each object would be found lost by itself when it is asked for, and new ones would be put into what may be the wrong place.
 */
import { err, ok, type Result } from '#core/result.ts';
import type { BlobError } from './blob-store.ts';
import { readPage } from './s3-listing.ts';
import type { AskS3 } from './s3-requests.ts';

const ABSENT: BlobError = {
  type: 'BlobsUnavailable',
  reason:
    'the bucket holds nothing under its prefix: is it the right one? If what was in it is permanently lost, run "npm start -- verify --lost"',
};

/** Before an object is put, what a listing has said within this is enough. */
const FRESH_MS = 60_000;

/** `isExpected` says whether there should be any object. `isSure`: an object that should be there is not. */
export function createS3Guard(
  ask: AskS3,
  prefix: string,
  isExpected: () => Promise<boolean>,
): (isSure: boolean) => Promise<Result<null, BlobError>> {
  let seenAt = Number.NEGATIVE_INFINITY;
  return async (isSure) => {
    if (!isSure && performance.now() - seenAt < FRESH_MS) return ok(null);
    if (!(await isExpected())) return ok(null);
    // By the first version of the listing, which needs no token for what comes after.
    const page = await readPage(ask, { prefix, 'max-keys': '1' });
    // A key that may not list may still put: a store that is down says so then.
    if (!page.ok) return isSure ? page : ok(null);
    if (!page.value.includes('<Contents>')) return err(ABSENT);
    seenAt = performance.now();
    return ok(null);
  };
}
