import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { createApp } from './app.ts';
import { type Config, readConfig, settings } from './config.ts';
import { createProgress } from './progress.ts';
import { storageRefusal } from './refusal.ts';
import { mintRegistrationCode } from './secrets.ts';
import { openSqlite } from './storage/sqlite.ts';
import { rotateEpochs } from './sync-api.ts';
import { systemClock, systemRandom } from './system.ts';

const HELP = `Holdfast server: the sync API and the built app.

Usage: node server/main.ts [--help | --restored]

  --restored   Run once after the data folder was restored from a copy: every device then
               compares its whole past with what the copy holds. Ends by itself.

Environment:
${settings.map(({ name, initial, help }) => `  ${name}${initial && ` (${initial})`}\n      ${help}`).join('\n')}
`;

/** How long requests under way may take to end. */
const SHUTDOWN_MS = 10_000;

const [command] = process.argv.slice(2);
if (command === '--help') {
  process.stdout.write(HELP);
} else if (command !== undefined && command !== '--restored') {
  fail([`Unknown argument ${command}. See --help.`]);
} else {
  const config = readConfig(process.env, () => mintRegistrationCode(systemRandom));
  if (!config.ok) fail(config.error);
  else await start(config.value, command === '--restored');
}

async function start(config: Config, restored: boolean): Promise<void> {
  // 0700: the database holds what people wrote.
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const maxBytes = config.maxDatabaseBytes;
  const opened = await openSqlite({ path: join(config.dataDir, 'holdfast.db') }, maxBytes === null ? {} : { maxBytes });
  if (!opened.ok) {
    return fail([
      `The database in ${config.dataDir} was made by a newer version of Holdfast (${opened.error.unknown.join(', ')}). It was left as it is.`,
    ]);
  }
  const storage = opened.value;
  const caughtUp = await storage.catchUp(
    createProgress('Preparing the database after the update', 'versions', 'It can be ended, and goes on from there.'),
  );
  if (!caughtUp.ok) {
    await storage.close();
    return fail([storageRefusal(caughtUp.error).error.message]);
  }
  if (restored) {
    await rotateEpochs({ storage, clock: systemClock, random: systemRandom });
    await storage.close();
    process.stdout.write('Every account has a new epoch. Devices will bring back what the copy lacks.\n');
    return;
  }

  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const app = await createApp({ storage, clock: systemClock, random: systemRandom, config, log });
  try {
    await app.listen({ port: config.port, host: config.host });
  } catch (error) {
    await storage.close();
    return fail([`Cannot listen on ${config.host}:${config.port}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const address = app.server.address();
  process.stdout.write(greeting(config, typeof address === 'object' && address ? address.port : config.port));

  const stop = async (signal: string) => {
    log.info({ signal }, 'closing');
    const giveUp = setTimeout(() => process.exit(1), SHUTDOWN_MS);
    await app.close();
    await storage.close();
    clearTimeout(giveUp);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
}

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
  metrics          ${config.metrics ? '/metrics' : 'off'}
  log level        ${config.logLevel}

`;
}

function fail(reasons: readonly string[]): void {
  process.stderr.write(`${reasons.join('\n')}\n`);
  process.exitCode = 1;
}
