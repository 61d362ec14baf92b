/** Contenders in turns: A B C A B C …, so that what disturbs the machine disturbs all of them. */
import type { Durability, Series } from './bench-api.ts';

export interface Contender {
  readonly name: string;
  readonly what: string;
  readonly durability: Durability;
  /** What is timed. What it needs and is not timed goes into `prepare`. */
  run(round: number): Promise<unknown>;
  prepare?(round: number): Promise<unknown>;
  /** Milliseconds that `run` measured itself, where part of it must not count. */
  readonly timesItself?: boolean;
}

/** Unmeasured rounds: the engine compiles, the databases make their first files. */
const WARM_UP = 5;

export async function takeTurns(contenders: readonly Contender[], rounds: number, warmUp = WARM_UP): Promise<readonly Series[]> {
  const samples = contenders.map((): number[] => []);
  for (let round = -warmUp; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      await contender.prepare?.(round);
      const start = performance.now();
      const own = await contender.run(round);
      const ms = contender.timesItself ? Number(own) : performance.now() - start;
      if (round >= 0) samples[index]?.push(ms);
    }
  }
  return contenders.map(({ name, what, durability }, index) => ({ name, what, durability, samples: samples[index] ?? [] }));
}
