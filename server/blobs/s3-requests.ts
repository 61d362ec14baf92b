import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { err, ok, type Result } from '#core/result.ts';
import type { BlobError } from './blob-store.ts';

/** Where the bucket is, and who may use it. The secret is in no message and no log. */
export interface S3Place {
  /** Address of the store, without the bucket: `https://s3.example.org`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What names of objects begin with; empty, or with a slash at its end. */
  readonly prefix: string;
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** The object, without the prefix; empty for the bucket. */
  readonly name: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob;
}

/** Sends a request to the bucket. Null where there is no such object, which only an answer of the store itself can say. */
export type AskS3 = (request: S3Request) => Promise<Result<Response | null, BlobError>>;

/** Attempts for one request, with a pause before each further one: a store that is restarted answers again within seconds. */
const PAUSES_MS = [200, 1000];
/** An answer must have begun within this. A store that does not answer is not asked again by the same request. */
const ANSWER_MS = 10_000;
/** A store that takes less than this in a second is as good as one that does not answer. */
const SLOWEST_BYTES_PER_MS = 100;
/** Of an answer that is an error. */
const MAX_ERROR_BYTES = 16_384;

export const unavailable = (reason: string) => err<BlobError>({ type: 'BlobsUnavailable', reason });

export function createS3Requests(place: S3Place, answerMs = ANSWER_MS): AskS3 {
  const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey } = place;
  const signer = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' });
  const root = `${endpoint.replace(/\/+$/, '')}/${bucket}`;
  const urlOf = ({ name, query }: S3Request): string =>
    `${root}${name === '' ? '' : `/${prefix}${name}`}${query ? `?${new URLSearchParams(query)}` : ''}`;

  async function send(request: S3Request): Promise<Response> {
    const { method, headers = {}, body = null } = request;
    const abort = new AbortController();
    const limitMs = answerMs + (body?.size ?? 0) / SLOWEST_BYTES_PER_MS;
    const timer = setTimeout(() => abort.abort(new DOMException('', 'TimeoutError')), limitMs);
    try {
      // What the store has moved elsewhere is asked for by nobody: a signature is good for one address.
      return await fetch(await signer.sign(urlOf(request), { method, headers, body, redirect: 'manual', signal: abort.signal }));
    } finally {
      clearTimeout(timer);
    }
  }

  return async (request) => {
    for (let attempt = 0; ; attempt++) {
      const answer = await send(request).catch(toNetworkError);
      const pause = PAUSES_MS[attempt];
      if (answer instanceof Response) {
        if (answer.ok) return ok(answer);
        if (pause === undefined || !isPassing(answer.status)) return readFailure(request, answer);
        await answer.body?.cancel();
      } else if (pause === undefined || answer.isTimeout) return unavailable(`${request.method}: ${answer.reason}`);
      await sleep(pause);
    }
  };
}

const isPassing = (status: number): boolean => status === 429 || status === 500 || status === 502 || status === 503;

/** Why there is no answer, without address or key. Everything that is no error of the network is a bug, and thrown. */
function toNetworkError(error: unknown): { readonly reason: string; readonly isTimeout: boolean } {
  if (error instanceof DOMException) return { reason: error.name, isTimeout: error.name === 'TimeoutError' };
  if (!(error instanceof TypeError && error.message === 'fetch failed')) throw error;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection';
  return { reason: code, isTimeout: false };
}

/**
 * "There is no such object" is an answer of the store. A 404 of anything else (a proxy before it, a bucket that is gone or misspelt)
 * is not, and must never make a blob count as lost. `HEAD` has no body: which 404 it is, the caller finds out with `GET`.
 */
async function readFailure({ method }: S3Request, answer: Response): Promise<Result<null, BlobError>> {
  const code = /<Code>\s*([A-Za-z0-9]{1,64})\s*<\/Code>/.exec(await readSome(answer))?.[1];
  if (answer.status === 404 && (code === 'NoSuchKey' || method === 'HEAD')) return ok(null);
  if (answer.status === 507) return err({ type: 'BlobsFull' });
  return unavailable(`${method}: status ${answer.status}${code === undefined ? '' : ` (${code})`}`);
}

async function readSome({ body }: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MAX_ERROR_BYTES) break;
    }
  } catch {
    // What came is enough, or says nothing.
  }
  return text;
}
