/**
 * Where the browser benchmarks run: the built app with the benchmark's own pages beside it in one folder, the real server
 * over that folder, the peers' server, and one Chromium.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { build } from 'vite';
import { BROWSER_ARGS, findBrowser } from '#ci/browser.mjs';
import { ensureBuilt } from '#ci/build.mjs';
import { type ServerProcess, startServer } from '#support/server-process.ts';

const PAGES = join(process.cwd(), 'tests/bench/pages');

/** The address of the benchmark page under any server of `buildSite`'s folder. */
export const BENCH_PATH = '/bench/index.html';

/** The built app and, under `/bench/`, the benchmark page. The product's settings for the build count here, too. */
export async function buildSite(): Promise<{ readonly folder: string; remove(): void }> {
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-site-'));
  cpSync(join(process.cwd(), 'dist'), folder, { recursive: true });
  await build({
    configFile: false,
    root: PAGES,
    base: '/bench/',
    logLevel: 'error',
    worker: { format: 'es' },
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: join(folder, 'bench'),
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: [join(PAGES, 'index.html'), join(PAGES, 'editor.html')] },
    },
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A folder that is gone at the end. */
export function makeFolder(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `holdfast-bench-${name}-`));
  mkdirSync(path, { recursive: true });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The product's server over the site. The limits of requests a minute are lifted: a benchmark is one long burst. */
export async function startProductServer(site: string, dataDir: string): Promise<ServerProcess> {
  const many = '1000000';
  return startServer({
    dataDir,
    env: {
      HOLDFAST_APP_DIR: site,
      HOLDFAST_LOG_LEVEL: 'warn',
      HOLDFAST_RATE_PER_ADDRESS: many,
      HOLDFAST_RATE_PER_ACCOUNT: many,
      HOLDFAST_RATE_ENTER: many,
    },
  });
}

/** The peers' server in a process of its own, as the product's is. */
export async function startPeerServer(site: string, dataDir: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, ['tests/bench/peers/server.ts', site, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return {
    url: line.toString().trim(),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export async function launch(extraArgs: readonly string[] = []): Promise<Browser> {
  const executablePath = await findBrowser();
  return chromium.launch({ args: [...BROWSER_ARGS, ...extraArgs], ...(executablePath && { executablePath }) });
}

/** Opens the benchmark page in a fresh profile. What goes wrong in it ends the benchmark. */
export async function openBench(browser: Pick<Browser, 'newPage'>, origin: string): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.stack ?? error}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`page: ${message.text()}`);
  });
  await page.goto(origin + BENCH_PATH);
  await page.waitForFunction(() => window.bench !== undefined);
  return page;
}

/** Runs `body` in the benchmark page on the peers' server, in a browser of its own. */
export async function runInPage<T>(body: (page: Page) => Promise<T>): Promise<{ readonly answer: T; readonly version: string }> {
  const site = await buildSite();
  const data = makeFolder('peers');
  const server = await startPeerServer(site.folder, data.path);
  const browser = await launch();
  try {
    return { answer: await body(await openBench(browser, server.url)), version: browser.version() };
  } finally {
    await browser.close();
    await server.stop();
    site.remove();
    data.remove();
  }
}
