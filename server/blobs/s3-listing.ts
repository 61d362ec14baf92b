import { isBlobHash } from '#core/blobs.ts';
import { ok, type Result } from '#core/result.ts';
import type { BlobError, StoredBlob } from './blob-store.ts';
import { type AskS3, unavailable } from './s3-requests.ts';

/**
 * What a bucket holds under a name, read by `readEntries` from page after page of a thousand; `name` is whole, with its prefix. A bucket
 * that is not there is an error, and so is a listing that does not move on.
 */
export async function listAll<T>(
  ask: AskS3,
  name: string,
  readEntries: (page: string) => readonly T[],
  delimiter?: string,
): Promise<Result<readonly T[], BlobError>> {
  const found: T[] = [];
  let token = '';
  for (;;) {
    const query = {
      'list-type': '2',
      prefix: name,
      ...(delimiter === undefined ? {} : { delimiter }),
      ...(token === '' ? {} : { 'continuation-token': token }),
    };
    const page = await readPage(ask, query);
    if (!page.ok) return page;
    for (const one of readEntries(page.value)) found.push(one);
    const next = textOf(page.value, 'NextContinuationToken');
    if (next === undefined) return ok(found);
    if (next === token) return unavailable('GET: the listing does not move on');
    token = next;
  }
}

/** One page of a listing, as XML. */
export async function readPage(ask: AskS3, query: Readonly<Record<string, string>>): Promise<Result<string, BlobError>> {
  const answer = await ask({ method: 'GET', name: '', query });
  if (!answer.ok) return answer;
  const page = await answer.value?.text().catch(() => null);
  if (page === undefined || page === null) return unavailable('GET: the listing was cut off');
  return page.includes('<ListBucketResult') ? ok(page) : unavailable('GET: the answer is no listing');
}

/** The blobs that a page of a listing names; anything else in the bucket is left out. */
export function readBlobs(page: string): readonly StoredBlob[] {
  return [...page.matchAll(/<Contents>(.*?)<\/Contents>/gs)].flatMap(([, entry = '']): readonly StoredBlob[] => {
    const hash = textOf(entry, 'Key')?.split('/').at(-1) ?? '';
    const bytes = Number(textOf(entry, 'Size'));
    const changedAt = Date.parse(textOf(entry, 'LastModified') ?? '');
    return isBlobHash(hash) && Number.isSafeInteger(bytes) ? [{ hash, state: 'whole', bytes, changedAt }] : [];
  });
}

/** The last part of each name that is the beginning of many (`…/name/`). */
export const readFolders = (page: string): readonly string[] =>
  [...page.matchAll(/<CommonPrefixes>(.*?)<\/CommonPrefixes>/gs)].map(
    ([, entry = '']) => textOf(entry, 'Prefix')?.split('/').at(-2) ?? '',
  );

/** The text of the first element of this name, with its XML escapes resolved. */
function textOf(xml: string, element: string): string | undefined {
  const text = new RegExp(`<${element}>\\s*([^<]*?)\\s*</${element}>`).exec(xml)?.[1];
  return text?.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi,
    (all, name?: string, decimal?: string, hex?: string) =>
      name === undefined
        ? toCharacter(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal), all)
        : (ESCAPES[name] ?? all),
  );
}

const toCharacter = (code: number, otherwise: string): string => (code <= 0x10ffff ? String.fromCodePoint(code) : otherwise);

const ESCAPES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
