/** Checks the types of every world, each with its own `lib`: `document` in a worker and `process` in the page are errors. */
import { run } from './process.mjs';

const WORLDS = ['src/core', 'src', 'src/workers', 'sw', 'server', 'tests'];

/**
 * Runs the compiler once per world, side by side, and gives the worlds that failed with what it said.
 * @returns {Promise<string>} empty when all is well
 */
export async function checkTypes() {
  const runs = WORLDS.map(async (world) => {
    const { code, output } = await run('node_modules/.bin/tsc', ['-p', world, '--pretty', 'false'], { quiet: true });
    return code === 0 ? '' : `${world}:\n${output}`;
  });
  // One file may belong to several programs and fail in each: every message once.
  const lines = (await Promise.all(runs)).join('').split('\n');
  return [...new Set(lines)].join('\n');
}
