import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to connections: a server that is restarted at its port would find one there. */
const [LOWEST, HIGHEST] = [20_000, 32_000];
const MAX_TRIES = 20;

/** A loopback port that was free a moment ago. By chance: tests that run at the same time do not get the same one. */
export async function findFreePort(): Promise<number> {
  for (let tried = 0; tried < MAX_TRIES; tried++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port between ${LOWEST} and ${HIGHEST}.`);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
