/** Times a piece of work. The median of many short runs: a mean would measure the machine's other work, too. */
export async function measure(name: string, rounds: number, body: () => unknown): Promise<void> {
  await body();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await body();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(2).padStart(9);
  console.log(`${name.padEnd(48)} median ${at(0.5)} ms   p95 ${at(0.95)} ms   (${rounds} rounds)`);
}
