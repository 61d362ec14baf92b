/**
 * `npm run bench [names]`: runs each file of tests/bench on Node 24, one after the other. Each prints its own figures.
 * The first run installs the packages of tests/bench/peers.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBenchPeersInstalled, ensureInstalled, NODE } from './install.mjs';
import { endCommandsOnSignals, ROOT, runOrThrow } from './process.mjs';

const wanted = process.argv.slice(2);

endCommandsOnSignals();
await ensureInstalled();
await ensureBenchPeersInstalled();
const files = readdirSync(join(ROOT, 'tests/bench'))
  .filter((name) => name.endsWith('.bench.ts'))
  .sort();
for (const file of files) {
  if (wanted.length > 0 && !wanted.some((name) => file.startsWith(name))) continue;
  console.log(`\n${file}`);
  await runOrThrow(NODE, [`tests/bench/${file}`], { limitMs: 30 * 60_000 });
}
