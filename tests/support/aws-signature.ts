/**
 * What a store computes of a request to compare with its signature: Signature Version 4, from the page of AWS
 * ("Create a signed AWS API request"), by other code than the product's. s3rver itself does not look at it.
 */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const escapeUri = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The signature that the request carries, and the one that it should. */
export function signaturesOf({ method, url, headers }: IncomingMessage, secret: string) {
  const [, scope = '', signed = '', given = ''] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\S+), SignedHeaders=(\S+), Signature=(\S+)$/.exec(headers.authorization ?? '') ?? [];
  const [day = '', region = '', service = '', ending = ''] = scope.split('/');
  const { pathname, searchParams } = new URL(url ?? '', 'http://store');
  const canonical = [
    method,
    pathname.split('/').map(decodeURIComponent).map(escapeUri).join('/'),
    [...searchParams]
      .map((pair) => pair.map(escapeUri).join('='))
      .sort()
      .join('&'),
    ...signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [day, region, service, ending].reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`);
  return { given, expected: hmac(key, toSign).toString('hex'), signedHeaders: signed };
}
