import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { err, ok, type Result } from '#core/result.ts';
import type { S3Place } from './blobs/s3-requests.ts';
import { defaultLimits, type Limits, type Registration } from './limits.ts';
import { MAX_S3_BYTES, readS3Place } from './s3-config.ts';

/** Requests per minute, each counted in a window of its own. */
export interface Rates {
  readonly perAddress: number;
  readonly perAccount: number;
  readonly enter: number;
  readonly login: number;
}

/** What the HTTP layer needs to know. */
export interface HttpConfig {
  readonly limits: Limits;
  readonly rates: Rates;
  readonly appDir: string;
  /** Host names that requests may carry, besides localhost and plain IP addresses. */
  readonly allowedHosts: readonly string[];
  /** Whether `X-Forwarded-*` of a proxy in front is believed. */
  readonly trustProxy: boolean;
  /** `auto`: where the request came over HTTPS. */
  readonly secureCookies: 'auto' | 'always';
  /** The largest request of a signed-in device, in bytes after inflating. */
  readonly maxRequestBytes: number;
  /** A request must have arrived whole within this. */
  readonly requestTimeoutMs: number;
  /** How often the counters are read for what other processes on the same database committed. */
  readonly eventPollMs: number;
  readonly metrics: boolean;
  /** With less than this free on the database's disk the server is not ready, and takes only what needs no room. */
  readonly minFreeBytes: number;
}

export interface Config extends HttpConfig {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** Days after which the text of what was deleted permanently is erased from the database. */
  readonly keepDeletedDays: number;
  /** Null: as far as the disk goes. */
  readonly maxDatabaseBytes: number | null;
  /** Days after which a picture or file that nothing names any more is removed. */
  readonly keepBlobsDays: number;
  /** Where the bytes of pictures and files are kept; null: in the data folder. */
  readonly s3: S3Place | null;
  readonly logLevel: string;
}

/** Everything that can be set, in the order of `--help`. */
export const settings = [
  { name: 'HOLDFAST_PORT', initial: '8787', help: 'Port to listen on; 0 takes any free one.' },
  {
    name: 'HOLDFAST_HOST',
    initial: '127.0.0.1',
    help: 'Address to listen on. Beyond loopback, new accounts need a registration code.',
  },
  { name: 'HOLDFAST_DATA_DIR', initial: './data', help: 'Folder of the database; created when absent.' },
  { name: 'HOLDFAST_APP_DIR', initial: './dist', help: 'Folder of the built app.' },
  {
    name: 'HOLDFAST_REGISTRATION',
    initial: '',
    help: 'Who may create an account: open, code or closed. Default: open where only this machine can reach it, else code.',
  },
  { name: 'HOLDFAST_REGISTRATION_CODE', initial: '', help: 'The registration code. Default: a new one at each start, printed.' },
  {
    name: 'HOLDFAST_ALLOWED_HOSTS',
    initial: '',
    help: 'Host names that browsers may use, by comma. localhost and IP addresses always may.',
  },
  {
    name: 'HOLDFAST_TRUST_PROXY',
    initial: 'no',
    help: 'yes behind a reverse proxy: its X-Forwarded-For and -Proto are believed.',
  },
  { name: 'HOLDFAST_SECURE_COOKIES', initial: 'auto', help: 'auto (Secure when the request came over HTTPS) or always.' },
  {
    name: 'HOLDFAST_QUOTA_BYTES',
    initial: String(defaultLimits.quotaBytes),
    help: 'Bytes per account, pictures and files included, history not counted.',
  },
  {
    name: 'HOLDFAST_BACKUP_QUOTA_BYTES',
    initial: String(defaultLimits.backupQuotaBytes),
    help: 'Bytes for the backups of an account, beside its quota; 0: no backups are taken.',
  },
  {
    name: 'HOLDFAST_MAX_BLOB_BYTES',
    initial: String(defaultLimits.maxBlobBytes),
    help: 'The largest picture or file that is taken, in bytes.',
  },
  {
    name: 'HOLDFAST_MAX_DATABASE_BYTES',
    initial: '0',
    help: 'The database grows no further than this; 0 for as far as the disk goes.',
  },
  {
    name: 'HOLDFAST_KEEP_DELETED_DAYS',
    initial: '30',
    help: 'What was deleted permanently is erased from the database so many days later; 0 within minutes.',
  },
  {
    name: 'HOLDFAST_KEEP_BLOBS_DAYS',
    initial: '30',
    help: 'A picture or file that no kept version names is removed so many days later.',
  },
  {
    name: 'HOLDFAST_S3_ENDPOINT',
    initial: '',
    help: 'Address of an S3-compatible store for pictures and files, without the bucket. Default: they are in the data folder.',
  },
  { name: 'HOLDFAST_S3_BUCKET', initial: '', help: 'The bucket. It must be there.' },
  { name: 'HOLDFAST_S3_REGION', initial: 'us-east-1', help: 'The region that requests are signed for.' },
  {
    name: 'HOLDFAST_S3_KEY_ID',
    initial: '',
    help: 'The access key. It may read, write, delete and list: to who may not list, nothing is ever said to be missing.',
  },
  { name: 'HOLDFAST_S3_SECRET', initial: '', help: 'Its secret. It is never printed or logged.' },
  { name: 'HOLDFAST_S3_PREFIX', initial: '', help: 'What the names of objects begin with, where others use the bucket too.' },
  {
    name: 'HOLDFAST_MIN_FREE_BYTES',
    initial: '100000000',
    help: 'With less than this free on the disk, nothing that needs room is taken, and /readyz says so.',
  },
  { name: 'HOLDFAST_MAX_REQUEST_BYTES', initial: '100000000', help: 'Largest request of a signed-in device, inflated.' },
  {
    name: 'HOLDFAST_REQUEST_TIMEOUT_MS',
    // One op of 1 MB takes eight minutes at 16 kbit/s, the slowest way up that a device waits for.
    initial: '900000',
    help: 'A request must have arrived whole within this time; one that does not move for a minute ends earlier.',
  },
  { name: 'HOLDFAST_RATE_PER_ADDRESS', initial: '3000', help: 'API requests a minute from one address.' },
  { name: 'HOLDFAST_RATE_PER_ACCOUNT', initial: '1200', help: 'Requests a minute for one account.' },
  { name: 'HOLDFAST_RATE_ENTER', initial: '120', help: 'Accounts created or joined a minute from one address.' },
  { name: 'HOLDFAST_RATE_LOGIN', initial: '10', help: 'Sign-ins by password a minute from one address, and for one name.' },
  { name: 'HOLDFAST_EVENT_POLL_MS', initial: '3000', help: 'How soon devices learn of what another server process stored.' },
  {
    name: 'HOLDFAST_METRICS',
    initial: '',
    help: 'yes or no: numbers for Prometheus at /metrics. Default: yes where only this machine can reach it.',
  },
  { name: 'HOLDFAST_LOG_LEVEL', initial: 'info', help: 'trace, debug, info, warn, error or silent.' },
] as const satisfies readonly { readonly name: string; readonly initial: string; readonly help: string }[];

type SettingName = (typeof settings)[number]['name'];
type Environment = { readonly [name: string]: string | undefined };

/** Reads the environment. All that is wrong with it is said at once, a sentence each. `mintCode` makes a registration code. */
export function readConfig(env: Environment, mintCode: () => string): Result<Config, readonly string[]> {
  const problems: string[] = [];
  const text = (name: SettingName): string => env[name]?.trim() || initialOf(name);
  const whole = (name: SettingName, min: number, max = Number.MAX_SAFE_INTEGER): number => {
    const value = Number(text(name));
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    problems.push(`${name} must be a whole number from ${min} to ${max}, not "${text(name)}".`);
    return min;
  };
  const choice = <const O extends readonly string[]>(name: SettingName, options: O, initial: O[number]): O[number] => {
    const value = text(name) || initial;
    const found = options.find((option) => option === value);
    if (found !== undefined) return found;
    problems.push(`${name} must be one of ${options.join(', ')}, not "${value}".`);
    return initial;
  };

  const host = text('HOLDFAST_HOST');
  const trustProxy = choice('HOLDFAST_TRUST_PROXY', ['yes', 'no'], 'no') === 'yes';
  const named = list(text('HOLDFAST_ALLOWED_HOSTS'));
  // A proxy in front, or a name to be called by, opens a loopback address to others.
  const onlyHere = isLoopback(host) && !trustProxy && named.length === 0;
  const mode = choice('HOLDFAST_REGISTRATION', ['open', 'code', 'closed'], onlyHere ? 'open' : 'code');
  const code = text('HOLDFAST_REGISTRATION_CODE');
  if (code !== '' && mode !== 'code') problems.push(`HOLDFAST_REGISTRATION_CODE is set, but HOLDFAST_REGISTRATION is ${mode}.`);
  const registration: Registration = mode === 'code' ? { mode, code: code || mintCode() } : { mode };

  const config: Config = {
    port: whole('HOLDFAST_PORT', 0, 65_535),
    host,
    dataDir: resolve(text('HOLDFAST_DATA_DIR')),
    keepDeletedDays: whole('HOLDFAST_KEEP_DELETED_DAYS', 0, 36_500),
    keepBlobsDays: whole('HOLDFAST_KEEP_BLOBS_DAYS', 1, 36_500),
    s3: readS3Place(text, problems),
    maxDatabaseBytes: whole('HOLDFAST_MAX_DATABASE_BYTES', 0) || null,
    appDir: resolve(text('HOLDFAST_APP_DIR')),
    limits: {
      ...defaultLimits,
      registration,
      quotaBytes: whole('HOLDFAST_QUOTA_BYTES', 1),
      backupQuotaBytes: whole('HOLDFAST_BACKUP_QUOTA_BYTES', 0),
      maxBlobBytes: whole('HOLDFAST_MAX_BLOB_BYTES', 0, text('HOLDFAST_S3_ENDPOINT') === '' ? undefined : MAX_S3_BYTES),
    },
    rates: {
      perAddress: whole('HOLDFAST_RATE_PER_ADDRESS', 1),
      perAccount: whole('HOLDFAST_RATE_PER_ACCOUNT', 1),
      enter: whole('HOLDFAST_RATE_ENTER', 1),
      login: whole('HOLDFAST_RATE_LOGIN', 1),
    },
    allowedHosts: [...named, ...(isIP(host) ? [] : [host.toLowerCase()])],
    trustProxy,
    secureCookies: choice('HOLDFAST_SECURE_COOKIES', ['auto', 'always'], 'auto'),
    maxRequestBytes: whole('HOLDFAST_MAX_REQUEST_BYTES', 1_100_000),
    requestTimeoutMs: whole('HOLDFAST_REQUEST_TIMEOUT_MS', 100),
    minFreeBytes: whole('HOLDFAST_MIN_FREE_BYTES', 0),
    eventPollMs: whole('HOLDFAST_EVENT_POLL_MS', 50),
    metrics: choice('HOLDFAST_METRICS', ['yes', 'no'], onlyHere ? 'yes' : 'no') === 'yes',
    logLevel: choice('HOLDFAST_LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'info'),
  };
  return problems.length === 0 ? ok(config) : err(problems);
}

const initialOf = (name: SettingName): string => settings.find((setting) => setting.name === name)?.initial ?? '';

const list = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
