/**
 * `npm start`: installs what is missing, builds the app if it changed, and runs the server on Node 24. The server prints
 * its own address. It runs on Node 20 before anything is installed.
 */
import { spawn } from 'node:child_process';
import { ensureBuilt } from '#ci/build.mjs';
import { ensureInstalled, NODE } from '#ci/install.mjs';
import { ROOT } from '#ci/process.mjs';

await ensureInstalled();
await ensureBuilt();

const server = spawn(NODE, ['server/main.ts', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    // Ctrl+C reaches the whole foreground group: a second one would tell the server not to wait for its requests.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    server.kill(signal);
  });
}
server.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
});
