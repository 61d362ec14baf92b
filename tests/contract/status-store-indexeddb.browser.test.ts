import { openKv } from '#store/kv/db.ts';
import { WORKSPACE_VERSION, type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { describeStatusStore } from './status-store.ts';

describeStatusStore('IndexedDB', async () => {
  const opened = await openKv<WorkspaceTables>(`status-${crypto.randomUUID()}`, WORKSPACE_VERSION, workspaceSchema);
  if (!opened.ok) throw new Error(opened.error.type);
  return opened.value;
});
