/** The requests of blobs as a device sends them, over real HTTP. */
import { blobPartPath } from '#core/blob-protocol.ts';
import { paths } from '#core/paths.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { hashOf } from './blob-bytes.ts';
import type { TestDevice } from './server-http.ts';

interface Part {
  readonly offset?: number;
  readonly size?: number;
  readonly headers?: Record<string, string>;
  readonly hash?: string;
  /** It is sent for a backup. */
  readonly backup?: boolean;
}

/** Sends `bytes` as one part; by default as the whole blob. */
export async function putBlob(url: string, { accountId, cookie }: TestDevice, bytes: Uint8Array, part: Part = {}) {
  const { offset = 0, size = bytes.length, headers = {}, hash = hashOf(bytes), backup = false } = part;
  const answer = await fetch(`${url}${blobPartPath(accountId, hash, offset, size)}${backup ? '&backup=1' : ''}`, {
    method: 'PUT',
    headers: { cookie, 'content-type': 'application/octet-stream', ...headers },
    body: new Uint8Array(bytes),
  });
  const text = await answer.text();
  const json: unknown = text === '' ? null : JSON.parse(text);
  return { status: answer.status, at: answer.headers.get('upload-offset'), of: answer.headers.get('upload-length'), json };
}

/** How far an upload is. */
export async function headBlob(url: string, { accountId, cookie }: TestDevice, hash: string) {
  const answer = await fetch(url + paths.blob(accountId, hash), { method: 'HEAD', headers: { cookie } });
  return { status: answer.status, at: answer.headers.get('upload-offset'), of: answer.headers.get('upload-length') };
}

export async function getBlob(
  url: string,
  { accountId, cookie }: TestDevice,
  hash: string,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(url + paths.blob(accountId, hash), { headers: { cookie, ...headers } });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

/** Which of these the account lacks. */
export const missingBlobs = async (device: TestDevice, hashes: readonly string[]) =>
  (await device.post(paths.missingBlobs(device.accountId), { protocol: PROTOCOL, hashes })).json;
