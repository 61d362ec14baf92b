import type { Kv } from '#core/ports.ts';
import { openKv } from '#store/db.ts';
import { type ContractTables, contractSchema, describeKv } from './kv.ts';

describeKv('IndexedDB', async (database): Promise<Kv<ContractTables>> => {
  const opened = await openKv(database, 1, contractSchema);
  if (!opened.ok) throw new Error(opened.error.type);
  return opened.value;
});
