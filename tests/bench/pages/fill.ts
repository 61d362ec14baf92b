import type { AccountKeys } from './bench-api.ts';
import { startParts } from './parts.ts';

export async function fill(
  count: number,
  { pending, words }: { readonly pending: boolean; readonly words?: number },
): Promise<AccountKeys> {
  const { parts, end } = startParts();
  const keys = await parts.fill(null, count, pending, words);
  end();
  return keys;
}
