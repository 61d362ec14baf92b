/** The real server as a real process, so that a test can kill it as a power cut does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from './free-port.ts';

const ROOT = process.cwd();
const NODE = join(ROOT, 'node_modules/.bin/node');
/** A server starts for every test: half of its processor time would go into compiling the same files. */
const COMPILE_CACHE = join(ROOT, 'node_modules/.cache/holdfast/compiled');
/** For what hangs: on a busy machine a start takes many times its half second. */
const READY_LIMIT_MS = 60_000;
/** What the server prints once it listens. */
const READY_WORDS = 'Holdfast is ready at';
/** Longer than the server's own grace at shutdown. */
const STOP_LIMIT_MS = 15_000;

export interface ServerOptions {
  /** Default: a new folder, which is left for the operating system to clear. */
  readonly dataDir?: string;
  /** Default: a free one. It stays the same over restarts. */
  readonly port?: number;
  /** Another address than loopback's to be reached at. Default: `localhost`. */
  readonly host?: string;
  /** Further settings of the server, by their environment names. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ServerProcess {
  /** `http://localhost:<port>`: localhost, because only a secure context has service workers. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** The id of the running process; after a restart another one. Undefined while none runs. */
  readonly pid: number | undefined;
  /** Sends the signal and waits for the end of the process. SIGKILL is the power cut. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends the process as an operator does (SIGTERM). Harmless when none runs. */
  stop(): Promise<void>;
  /** Starts the process again, with the same port and data folder, and waits until it is ready. Stops a running one first. */
  restart(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Everything that was printed so far, over all restarts. */
  logs(): string;
}

/** A port that was free may be taken by the time the server asks for it. */
const MAX_PORTS = 3;

/** Starts `server/main.ts` over the built app and waits for its readiness. Throws with its log when it does not come up. */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  for (let tried = 1; ; tried++) {
    try {
      return await startAt(options.port ?? (await findFreePort()), options);
    } catch (error) {
      if (options.port !== undefined || tried === MAX_PORTS || !String(error).includes('EADDRINUSE')) throw error;
    }
  }
}

async function startAt(port: number, options: ServerOptions): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'holdfast-data-')));
  const url = `http://${options.host ?? 'localhost'}:${port}`;
  let child: ChildProcess | undefined;
  let log = '';

  async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const started = spawn(NODE, ['server/main.ts'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        ...process.env,
        HOLDFAST_PORT: String(port),
        HOLDFAST_DATA_DIR: dataDir,
        ...(options.host === undefined ? {} : { HOLDFAST_HOST: options.host }),
        ...options.env,
        ...env,
      },
    });
    const append = (chunk: Buffer): void => {
      log += chunk.toString();
    };
    started.stdout?.on('data', append);
    started.stderr?.on('data', append);
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    child = started;
    await waitUntilReady(started, log.length);
  }

  /** Another test's server may have taken the port, and answers: ours says itself that it is there. */
  async function waitUntilReady(started: ChildProcess, from: number): Promise<void> {
    const deadline = performance.now() + READY_LIMIT_MS;
    while (performance.now() < deadline && started.exitCode === null && started.signalCode === null) {
      if (log.includes(READY_WORDS, from) && (await isReady(url))) return;
      await sleep(25);
    }
    started.kill('SIGKILL');
    throw new Error(`The server did not become ready on ${url}.\n${log}`);
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    const running = child;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill(signal);
    const limit = setTimeout(() => running.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(limit);
  }

  await start();
  return {
    url,
    port,
    dataDir,
    get pid() {
      return child?.pid;
    },
    kill,
    stop: () => kill('SIGTERM'),
    restart: async (env) => {
      await kill('SIGTERM');
      await start(env);
    },
    logs: () => log,
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}
