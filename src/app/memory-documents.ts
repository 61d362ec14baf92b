import { ledger } from '#entities/index.ts';
import type { Store } from '#store/store.ts';
import type { UnsavedDocument } from './tab-guard.ts';

const PAGE = 500;

/** Every live document that a person wrote: what is to be taken along where the browser keeps nothing. */
export async function readAllDocuments(store: Pick<Store, 'list'>): Promise<readonly UnsavedDocument[]> {
  const documents: UnsavedDocument[] = [];
  for (const [kind, { scope }] of ledger) {
    if (scope !== 'synced') continue;
    let after: string | undefined;
    do {
      const page = await store.list({ kind, limit: PAGE, ...(after !== undefined && { after }) });
      if (!page.ok) break;
      documents.push(...page.value.items.map(({ id, fields }) => ({ kind, id, fields })));
      after = page.value.next ?? undefined;
    } while (after !== undefined);
  }
  return documents;
}
