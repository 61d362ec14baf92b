/**
 * A real link between a browser and its server: a network namespace with one end of a pair of virtual devices. Taken down,
 * the browser is offline as a laptop in a tunnel is. Needs Linux, root and iproute2.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RealLink {
  /** Where the server is to listen: the address of this side. */
  readonly host: string;
  /** Starts `program` on the other side: give it to Playwright as the browser's path. */
  wrap(program: string, folder: string): string;
  up(): void;
  down(): void;
  remove(): void;
}

const ip = (...args: readonly string[]): string =>
  execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Why there can be no such link here; null where there can. */
export function whyNoRealLink(): string | null {
  if (process.getuid?.() !== 0) return 'needs root';
  const probe = `hf-probe-${process.pid}`;
  try {
    ip('netns', 'add', probe);
    ip('netns', 'delete', probe);
    return null;
  } catch (error) {
    return `needs iproute2 and network namespaces: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
  }
}

/** `index` from 0 to 200 keeps links apart that are there at the same time. */
export function createRealLink(index: number): RealLink {
  const name = `hf${index}n${process.pid % 10_000}`;
  const [here, there] = [`${name}a`, `${name}b`];
  const net = `10.${80 + (process.pid % 100)}.${index}`;
  ip('netns', 'add', name);
  ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
  ip('address', 'add', `${net}.1/24`, 'dev', here);
  ip('link', 'set', here, 'up');
  const inside = (...args: readonly string[]) => ip('-n', name, ...args);
  inside('link', 'set', 'lo', 'up');
  inside('address', 'add', `${net}.2/24`, 'dev', there);
  const up = (): void => {
    inside('link', 'set', there, 'up');
    // As a laptop gets it from its router.
    inside('route', 'replace', 'default', 'via', `${net}.1`);
  };
  up();
  return {
    host: `${net}.1`,
    wrap(program, folder) {
      const path = join(folder, `${name}.sh`);
      writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${name} "${program}" "$@"\n`);
      chmodSync(path, 0o755);
      return path;
    },
    up,
    down: () => void inside('link', 'set', there, 'down'),
    remove: () => void ip('netns', 'delete', name),
  };
}
