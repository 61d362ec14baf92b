/**
 * `npm run dev`: Vite on 5173 (HOLDFAST_DEV_PORT), with the server beside it on 8787 (HOLDFAST_PORT), which starts again when
 * its files change. `npm run dev -- --service-worker` serves the service worker as well; without one the store worker syncs.
 */
import { spawn } from 'node:child_process';
import { ensureInstalled, NODE } from './install.mjs';
import { ROOT } from './process.mjs';

const SERVICE_WORKER = '--service-worker';
const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== SERVICE_WORKER);
if (unknown.length > 0) throw new Error(`npm run dev takes ${SERVICE_WORKER}, not ${unknown.join(' ')}`);

await ensureInstalled();

const env = { ...process.env, HOLDFAST_DEV_SERVICE_WORKER: args.includes(SERVICE_WORKER) ? '1' : '0' };
const children = [
  spawn(NODE, ['--watch', '--watch-preserve-output', 'server/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
  }),
  spawn(NODE, ['node_modules/vite/bin/vite.js'], { cwd: ROOT, stdio: 'inherit', env }),
];

/** One without the other is of no use. */
function endAll() {
  for (const child of children) child.kill('SIGTERM');
}

for (const child of children) child.on('exit', endAll);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, endAll);
