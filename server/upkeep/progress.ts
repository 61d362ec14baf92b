const PROGRESS_EVERY_MS = 1000;

/** Prints how far a long step has come, once a second, and nothing for a short one. */
export function createProgress(what: string, unit: string, advice = ''): (done: number, total: number) => void {
  let nextAt = performance.now() + PROGRESS_EVERY_MS;
  return (done, total) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + PROGRESS_EVERY_MS;
    process.stdout.write(`${what}: ${done} of ${total} ${unit}. ${advice}\n`);
  };
}
