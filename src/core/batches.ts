/** Many things, a part at a time. */
import { ok, type Result } from './result.ts';

/** `items` in parts of `size`, in order, the last one smaller. */
export function* inBatches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** The same of what comes one by one. */
export async function* batchesOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[], void> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Does `act` with one part after the other. The first that fails ends it; else gives what each has given. */
export async function eachBatch<T, V, E>(
  items: readonly T[],
  size: number,
  act: (batch: readonly T[]) => Promise<Result<V, E>>,
): Promise<Result<readonly V[], E>> {
  const done: V[] = [];
  for (const batch of inBatches(items, size)) {
    const result = await act(batch);
    if (!result.ok) return result;
    done.push(result.value);
  }
  return ok(done);
}

/** The same where each part gives a number: their sum. */
export async function sumBatches<T, E>(
  items: readonly T[],
  size: number,
  act: (batch: readonly T[]) => Promise<Result<number, E>>,
): Promise<Result<number, E>> {
  const done = await eachBatch(items, size, act);
  return done.ok ? ok(done.value.reduce((sum, count) => sum + count, 0)) : done;
}
