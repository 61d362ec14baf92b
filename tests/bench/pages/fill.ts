import type { AccountKeys } from './bench-api.ts';
import { startParts } from './parts.ts';

export async function fill(count: number, { pending }: { readonly pending: boolean }): Promise<AccountKeys> {
  const { parts, end } = startParts();
  const keys = await parts.fill(null, count, pending);
  end();
  return keys;
}
