import type { Result } from './result.ts';

/** Calls again, `tries` times in all, where it fails with one of `passing`: what was lost or broke is there again with the next call. */
export async function callAgain<V, E extends { readonly type: string }>(
  call: () => Promise<Result<V, E>>,
  passing: readonly E['type'][],
  tries: number,
): Promise<Result<V, E>> {
  let result = await call();
  for (let made = 1; !result.ok && made < tries && passing.includes(result.error.type); made++) result = await call();
  return result;
}
