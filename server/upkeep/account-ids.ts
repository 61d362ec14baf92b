import type { AccountId } from '#core/ids.ts';
import type { Storage } from '#server/storage/storage.ts';

const PER_READ = 1000;

/** The ids of all accounts. Throws where the database cannot be read. */
export async function readAccountIds(storage: Storage): Promise<readonly AccountId[]> {
  const ids: AccountId[] = [];
  for (let after: AccountId | null = null; ; ) {
    const from: AccountId | null = after;
    const page = await storage.accountIds(from, PER_READ);
    if (!page.ok) throw new Error(`the database cannot be read (${page.error.type})`);
    ids.push(...page.value);
    after = page.value.at(-1) ?? null;
    if (page.value.length < PER_READ) return ids;
  }
}
