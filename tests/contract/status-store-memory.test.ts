import { createMemoryKv } from '#store/kv-memory.ts';
import { type WorkspaceTables, workspaceSchema } from '#store/schema.ts';
import { describeStatusStore } from './status-store.ts';

describeStatusStore('memory', async () => createMemoryKv<WorkspaceTables>(workspaceSchema));
