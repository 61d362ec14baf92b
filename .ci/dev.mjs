/** `npm run dev`: Vite on 5173, with the server beside it on 8787, which starts again when its files change. */
import { spawn } from 'node:child_process';
import { ensureInstalled, NODE } from './install.mjs';
import { ROOT } from './process.mjs';

await ensureInstalled();

const children = [
  spawn(NODE, ['--watch', '--watch-preserve-output', 'server/main.ts'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] }),
  spawn(NODE, ['node_modules/vite/bin/vite.js'], { cwd: ROOT, stdio: 'inherit' }),
];

/** One without the other is of no use. */
function endAll() {
  for (const child of children) child.kill('SIGTERM');
}

for (const child of children) child.on('exit', endAll);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, endAll);
