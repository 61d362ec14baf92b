/**
 * `npm run lock`: completes every `package-lock.json` with the binaries of other platforms. npm leaves an optional package out of
 * the lock file where the registry in use does not serve it, and `npm ci` then refuses that lock file everywhere.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './process.mjs';

/** The project's lock file, and that of what only its benchmarks install. */
export const LOCKS = ['package-lock.json', 'tests/bench/peers/package-lock.json'];
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/**
 * @typedef {{ version?: string, license?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string> }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/**
 * The optional packages that the lock file names but does not hold: `[path of who names it, name, version]`.
 * @param {LockedPackages} packages
 * @returns {[string, string, string][]}
 */
export function findMissingOptionals(packages) {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`])
      .map(([name, version]) => /** @type {[string, string, string]} */ ([path, name, version])),
  );
}

/**
 * What a platform's package says of itself, read from its name (`@rollup/rollup-linux-arm64-musl`). npm installs it where
 * system, processor and C library fit, and only then asks a registry for it.
 * @param {string} name
 * @param {string} version
 * @param {LockedPackage} parent
 * @returns {LockedPackage}
 */
function describePlatformPackage(name, version, parent) {
  const os = SYSTEMS.find((system) => name.includes(system));
  const cpu = PROCESSORS.find((processor) => name.includes(`-${processor}`));
  if (!os || !cpu || !/^\d+\.\d+\.\d+/.test(version)) throw new Error(`Cannot tell the platform of ${name}@${version}`);
  const libc = os !== 'linux' ? [] : name.includes('musl') ? ['musl'] : name.includes('gnu') ? ['glibc'] : [];
  return {
    version,
    cpu: [cpu],
    ...(parent.dev && { dev: true }),
    ...(libc.length > 0 && { libc }),
    ...(parent.license && { license: parent.license }),
    optional: true,
    os: [os],
  };
}

/** @param {string} path */
function completeLock(path) {
  const lock = JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  const missing = findMissingOptionals(lock.packages);
  for (const [parent, name, version] of missing) {
    lock.packages[`node_modules/${name}`] = describePlatformPackage(name, version, lock.packages[parent]);
  }
  const entries = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(join(ROOT, path), `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
  console.log(`${missing.length} packages of other platforms added to ${path}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) for (const path of LOCKS) completeLock(path);
