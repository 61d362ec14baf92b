import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { describeStatusStore } from './status-store.ts';

describeStatusStore('memory', async () => createMemoryKv<WorkspaceTables>(workspaceSchema));
