import type { S3Place } from './blobs/s3-requests.ts';

const NAMES = ['HOLDFAST_S3_ENDPOINT', 'HOLDFAST_S3_BUCKET', 'HOLDFAST_S3_KEY_ID', 'HOLDFAST_S3_SECRET'] as const;
type Name = (typeof NAMES)[number] | 'HOLDFAST_S3_REGION' | 'HOLDFAST_S3_PREFIX';

/** An object is put by one request, which takes 5 GB at most. */
export const MAX_S3_BYTES = 5_000_000_000;

/** The place of blobs that the settings name; null where they name none, or where something is wrong, which is added to `problems`. */
export function readS3Place(text: (name: Name) => string, problems: string[]): S3Place | null {
  const given = NAMES.filter((name) => text(name) !== '');
  if (given.length === 0) {
    if (text('HOLDFAST_S3_PREFIX') !== '') problems.push('HOLDFAST_S3_PREFIX is set, but HOLDFAST_S3_ENDPOINT is not.');
    return null;
  }
  const lacking = NAMES.filter((name) => !given.includes(name));
  if (lacking.length > 0) problems.push(`${given[0]} is set, but not ${lacking.join(', ')}.`);
  const [endpoint, bucket, prefix] = [text('HOLDFAST_S3_ENDPOINT'), text('HOLDFAST_S3_BUCKET'), text('HOLDFAST_S3_PREFIX')];
  if (endpoint !== '' && !isEndpoint(endpoint))
    problems.push('HOLDFAST_S3_ENDPOINT must be an address like https://s3.example.org, without bucket, key or query.');
  if (bucket !== '' && !/^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/.test(bucket))
    problems.push('HOLDFAST_S3_BUCKET must be the name of a bucket: 2 to 63 letters, digits, dots and hyphens.');
  if (!/^(?:[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*\/?)?$/.test(prefix) || prefix.split('/').some((part) => /^\.+$/.test(part)))
    problems.push('HOLDFAST_S3_PREFIX may hold letters, digits, dots, hyphens, underscores, and slashes between them.');
  return {
    endpoint,
    bucket,
    region: text('HOLDFAST_S3_REGION'),
    accessKeyId: text('HOLDFAST_S3_KEY_ID'),
    secretAccessKey: text('HOLDFAST_S3_SECRET'),
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
  };
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && [username, password, search, hash].every((part) => part === '');
}
