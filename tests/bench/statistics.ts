/** The numbers of one contender. Medians, because a mean would measure the machine's other work, too. */
export interface Summary {
  readonly median: number;
  readonly p95: number;
  readonly rounds: number;
}

/** The value below which `share` of the sorted samples lie. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function summarize(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), rounds: sorted.length };
}

/** Times `body`, once unmeasured and then `rounds` times. Milliseconds. */
export async function sample(rounds: number, body: () => unknown): Promise<readonly number[]> {
  await body();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await body();
    times.push(performance.now() - start);
  }
  return times;
}
