import { join } from 'node:path';
import pino from 'pino';
import { openAccessRecord } from './access-record.ts';
import { createApp } from './app.ts';
import { probeBlobs, watchBlobs } from './blob-watch.ts';
import { openBlobs } from './blobs/open-blobs.ts';
import type { Config } from './config.ts';
import { freeBytesOf } from './readiness.ts';
import { whatToDoWithDamage } from './storage/open-error.ts';
import type { SqliteStorage } from './storage/sqlite.ts';
import { systemClock, systemRandom } from './system.ts';
import { startAccountEraser } from './upkeep/account-eraser.ts';
import { DATABASE } from './upkeep/archive.ts';
import { checkInBackground } from './upkeep/background-check.ts';
import { startCollector } from './upkeep/collector.ts';
import { startEraser } from './upkeep/eraser.ts';
import { holdsBlobs } from './upkeep/holds-blobs.ts';

/** How long requests under way may take to end. */
const SHUTDOWN_MS = 10_000;

const DAY_MS = 24 * 60 * 60_000;

/** Serves until a signal ends it. Gives the reason where it cannot listen. */
export async function serve(config: Config, storage: SqliteStorage, accessPath: string): Promise<string | null> {
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const { blobs, problem } = watchBlobs(
    openBlobs(config, () => holdsBlobs(storage)),
    log,
  );
  const access = openAccessRecord(accessPath);
  const accountEraser = startAccountEraser({
    storage,
    blobs,
    clock: systemClock,
    access,
    onError: (error) => log.error({ err: error }, 'a deleted account could not be erased; it is tried again'),
  });
  const app = await createApp({
    storage,
    blobs,
    blobsProblem: problem,
    clock: systemClock,
    random: systemRandom,
    config,
    log,
    access,
    onDeleted: accountEraser.poke,
    freeBytes: () => freeBytesOf(config.dataDir),
  });
  try {
    await app.listen({ port: config.port, host: config.host });
  } catch (error) {
    await storage.close();
    return `Cannot listen on ${config.host}:${config.port}: ${error instanceof Error ? error.message : String(error)}`;
  }
  const address = app.server.address();
  process.stdout.write(greeting(config, typeof address === 'object' && address ? address.port : config.port));
  void probeBlobs(blobs);
  const stopCheck = checkInBackground(join(config.dataDir, DATABASE), (report) => {
    storage.condemn();
    log.error(`the database is damaged; nothing is taken or given any more\n${report}`);
    process.stderr.write(`${whatToDoWithDamage(config.dataDir).join('\n')}\n`);
  });
  const stopEraser = startEraser({
    storage,
    clock: systemClock,
    keepDays: config.keepDeletedDays,
    onError: (error) => log.error({ err: error }, 'what was deleted could not be erased; it is tried again'),
  });

  const stopCollector = startCollector({
    storage,
    blobs,
    clock: systemClock,
    keepMs: config.keepBlobsDays * DAY_MS,
    onError: (error) => log.error({ err: error }, 'what nothing names could not be removed; it is tried again'),
  });

  const stop = async (signal: string) => {
    log.info({ signal }, 'closing');
    const giveUp = setTimeout(() => process.exit(1), SHUTDOWN_MS);
    stopCheck();
    stopEraser();
    stopCollector();
    accountEraser.stop();
    await app.close();
    await storage.close();
    clearTimeout(giveUp);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
  return null;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

const HTTPS_NEEDED = `
  Devices elsewhere sync only over https: put a proxy with a certificate before this server. At an address
  that begins with http:// browsers let the app work, but not sync. On this machine http://localhost will do.
`;

function greeting(config: Config, port: number): string {
  const local = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(config.host);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const { registration, quotaBytes } = config.limits;
  const { maxDatabaseBytes } = config;
  return `Holdfast is ready at http://${local ? 'localhost' : host}:${port}

  data folder      ${config.dataDir}
  app folder       ${config.appDir}
  listening on     ${config.host}
  registration     ${registration.mode}${registration.mode === 'code' ? `, with the code ${registration.code}` : ''}
  host names       localhost, IP addresses${config.allowedHosts.map((name) => `, ${name}`).join('')}
  behind a proxy   ${config.trustProxy ? 'yes' : 'no'}; secure cookies: ${config.secureCookies}
  limits           ${quotaBytes} bytes per account, ${config.maxRequestBytes} per request, ${maxDatabaseBytes ?? 'the disk'} in all
  pictures, files  ${config.s3 ? `bucket ${config.s3.bucket} at ${config.s3.endpoint}` : 'in the data folder'}
  deleted permanently ${config.keepDeletedDays} days, then erased
  metrics          ${config.metrics ? '/metrics' : 'off'}
  log level        ${config.logLevel}
${isLoopback(config.host) ? '' : HTTPS_NEEDED}
`;
}
