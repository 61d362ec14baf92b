/**
 * Finds the Chromium that the tests drive, and gets one where there is none: Playwright's own build, or Debian's package
 * where that cannot be downloaded.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { run } from './process.mjs';

/** Names another browser than the one that would be found. */
const OVERRIDE = 'HOLDFAST_CHROMIUM';

/**
 * Chromium draws parts of its own window with pages, each with a process: a tenth of a short test's processor time (measured
 * with 156). The last list on the command line counts, so it begins with what Playwright switches off.
 */
const DISABLED_FEATURES = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'DialMediaRouteProvider'],
  ...['GlobalMediaControls', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning'],
  ...['BlockOriginHeaderModificationOnRedirect', 'AvoidCorsURLLoaderRestartOnRedirect', 'Translate', 'AutoDeElevate'],
  ...['OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled'],
  ...['InitialWebUI', 'WebUIReloadButton', 'WebUIToolbar', 'WebUIOmniboxPopup', 'WebUILocationBar', 'PreloadTopChromeWebUI'],
];

/**
 * What Chromium is always started with here. No sandbox: it needs user namespaces, which containers and root often lack,
 * and the tests open only their own server. The rest keeps the browser from talking to anyone else.
 */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${DISABLED_FEATURES.join(',')}`,
];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name */
function findOnPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

async function playwrightPath() {
  const { chromium } = await import('playwright');
  return chromium.executablePath();
}

/**
 * The path of a Chromium that is there, or undefined: the one that HOLDFAST_CHROMIUM names, else Playwright's own, else
 * the system's. Whether it starts is not checked.
 * @returns {Promise<string | undefined>}
 */
export async function findBrowser() {
  const named = process.env[OVERRIDE];
  if (named) return named;
  const own = await playwrightPath();
  if (isExecutable(own)) return own;
  return findOnPath('chromium') ?? findOnPath('google-chrome-stable');
}

/**
 * What Playwright needs as options to start the browser. `full` is the one that people have. `shell` is Chromium without
 * its window (the headless shell, what Playwright starts by itself): the same engine, storage and workers for two thirds of
 * the processor time (96 to 144 s for nine tests, measured with 156), but without Background Sync and without installing.
 * Where there is no shell it is the full one, too.
 * @param {'full' | 'shell'} build
 * @returns {Promise<{ executablePath?: string }>}
 */
export async function browserOptions(build) {
  const full = await findBrowser();
  if (build === 'full' || process.env[OVERRIDE]) return full ? { executablePath: full } : {};
  const own = await playwrightPath();
  if (full === own) return hasOwnShell(own) ? {} : { executablePath: own };
  const path = findOnPath(SHELL) ?? full;
  return path ? { executablePath: path } : {};
}

const SHELL = 'chromium-headless-shell';

/**
 * Playwright keeps its browsers side by side: `chromium-<n>` and `chromium_headless_shell-<n>`.
 * @param {string} own the full browser, `<folder>/chromium-<n>/chrome-linux64/chrome`
 */
function hasOwnShell(own) {
  const folder = dirname(dirname(own));
  return existsSync(join(folder.replace(/chromium-(\d+)$/, 'chromium_headless_shell-$1'), 'INSTALLATION_COMPLETE'));
}

/** A browser without its shared libraries is there, but does not start. */
async function findWorkingBrowser() {
  const path = await findBrowser();
  if (path && (await run(path, ['--version'], { quiet: true, limitMs: 30_000 })).code === 0) return path;
  return undefined;
}

const isRoot = () => process.getuid?.() === 0;

async function installFromPlaywright() {
  console.log("No Chromium here: fetching Playwright's own…");
  const args = ['playwright', 'install', ...(isRoot() ? ['--with-deps'] : []), 'chromium'];
  await run('npx', args, { limitMs: 10 * 60_000 });
}

/**
 * Whether apt-get has done it.
 * @param {readonly string[]} args
 */
async function aptGet(...args) {
  const [program = 'apt-get', ...rest] = [...(isRoot() ? [] : ['sudo', '-n']), 'apt-get', ...args];
  const { code } = await run(program, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' }, limitMs: 10 * 60_000 });
  return code === 0;
}

/** @param {readonly string[]} packages */
const installPackages = (...packages) => aptGet('install', '-y', '--no-install-recommends', ...packages);

async function installFromDebian() {
  if (!findOnPath('apt-get')) return;
  console.log("Installing Debian's chromium (apt-get)…");
  await aptGet('update');
  await installPackages('chromium', 'fonts-dejavu-core');
}

/** The tests run without it, only longer: nobody is asked for a password. */
async function ensureShell() {
  if (process.env[OVERRIDE] || findOnPath(SHELL) || !isRoot() || !findOnPath('apt-get')) return;
  if (isExecutable(await playwrightPath())) return;
  console.log("Installing Debian's chromium-headless-shell (apt-get): the tests run faster on it…");
  if (await installPackages(SHELL)) return;
  await aptGet('update');
  await installPackages(SHELL);
}

/**
 * The path of a Chromium that starts, installing one where there is none. Quick when one is there. Throws, with what a
 * person can do about it, where none can be had.
 */
export async function ensureBrowser() {
  const path = (await findWorkingBrowser()) ?? (await installBrowser());
  await ensureShell();
  return path;
}

async function installBrowser() {
  if (!process.env[OVERRIDE]) {
    for (const install of [installFromPlaywright, installFromDebian]) {
      await install();
      const installed = await findWorkingBrowser();
      if (installed) return installed;
    }
  }
  throw new Error(
    `The tests need a Chromium, and none could be found or installed.
  - As root (or with sudo): apt-get install chromium
  - Without root: npx playwright install chromium
  - Or name one: ${OVERRIDE}=/path/to/chromium npm test`,
  );
}
