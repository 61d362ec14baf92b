import { openKv } from '#store/db.ts';
import { WORKSPACE_VERSION, type WorkspaceTables, workspaceSchema } from '#store/schema.ts';
import { describeStore } from './store.ts';

describeStore('IndexedDB', async () => {
  const opened = await openKv<WorkspaceTables>(`store-${crypto.randomUUID()}`, WORKSPACE_VERSION, workspaceSchema);
  if (!opened.ok) throw new Error(opened.error.type);
  return opened.value;
});
