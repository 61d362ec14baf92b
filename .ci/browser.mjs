/**
 * Finds the Chromium that the tests drive, and gets one where there is none: Playwright's own build, or Debian's package
 * where that cannot be downloaded.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
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

/** A browser without its shared libraries is there, but does not start. */
async function findWorkingBrowser() {
  const path = await findBrowser();
  if (path && (await run(path, ['--version'], { quiet: true, limitMs: 30_000 })).code === 0) return path;
  return undefined;
}

const isRoot = () => process.getuid?.() === 0;

async function installFromPlaywright() {
  console.log("No Chromium here: fetching Playwright's own…");
  const args = ['playwright', 'install', '--no-shell', ...(isRoot() ? ['--with-deps'] : []), 'chromium'];
  await run('npx', args, { limitMs: 10 * 60_000 });
}

async function installFromDebian() {
  if (!findOnPath('apt-get')) return;
  const command = isRoot() ? [] : ['sudo', '-n'];
  console.log("Installing Debian's chromium (apt-get)…");
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']]) {
    const [program = 'apt-get', ...rest] = [...command, 'apt-get', ...args];
    if ((await run(program, rest, { env, limitMs: 10 * 60_000 })).code !== 0) return;
  }
}

/**
 * The path of a Chromium that starts, installing one where there is none. Quick when one is there. Throws, with what a
 * person can do about it, where none can be had.
 */
export async function ensureBrowser() {
  const present = await findWorkingBrowser();
  if (present) return present;
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
