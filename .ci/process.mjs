/** Child processes with a limit, whose whole group ends with them. */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Ends a child's whole group: browsers and servers that it started must not outlive it.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Ends every running command when this process gets a signal to end. */
export function endCommandsOnSignals() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      for (const child of running) signalGroup(child, 'SIGKILL');
      process.exit(1);
    });
  }
}

/**
 * Runs a command in the repository's top folder and gives its exit code, and its output where `quiet` collects it
 * instead of printing it. After `limitMs` its group is killed: the code is then null and `timedOut` true. A command that
 * cannot be started has the code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ limitMs?: number, env?: Record<string, string | undefined>, quiet?: boolean }} [options]
 * @returns {Promise<{ code: number | null, timedOut: boolean, output: string }>}
 */
export function run(command, args, { limitMs = 10 * 60_000, env = {}, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    running.add(child);
    let output = '';
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      signalGroup(child, 'SIGKILL');
    }, limitMs);
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    /** @param {number | null} code */
    const end = (code) => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ code, timedOut, output });
    };
    child.on('error', (error) => {
      output += String(error);
      end(127);
    });
    // What the command left behind would hold its pipes open, and `close` would never come.
    child.on('exit', () => signalGroup(child, 'SIGKILL'));
    child.on('close', end);
  });
}

/**
 * Like `run`, but a failure throws.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function runOrThrow(command, args, options) {
  const { code, timedOut, output } = await run(command, args, options);
  if (code === 0) return output;
  const reason = timedOut ? 'took too long' : `ended with ${code}`;
  throw new Error(`${command} ${args.join(' ')} ${reason}${output && `\n${output}`}`);
}
