import { createMemoryKv } from '#store/kv-memory.ts';
import { type WorkspaceTables, workspaceSchema } from '#store/schema.ts';
import { describeStore } from './store.ts';

describeStore('memory', async () => createMemoryKv<WorkspaceTables>(workspaceSchema));
