import type { KvError } from '#core/errors.ts';
import { err, type Result } from '#core/result.ts';
import { openRegistry, openWorkspace, type Workspace, type WorldPorts } from './workspace.ts';

/** The workspace of a page, in a worker of its own that reads it as well. Nothing of it is shared but the database. */
export async function openById(ports: WorldPorts, workspaceId: string): Promise<Result<Workspace, KvError>> {
  const registry = await openRegistry(ports);
  if (!registry.ok) return registry;
  const found = await registry.value.registry.get(workspaceId);
  if (!found.ok) return found;
  // In a browser without storage every worker has a memory of its own: there is nothing to read.
  if (!found.value) return err({ type: 'StorageDisabled', reason: 'the workspace is not kept in this browser' } as const);
  return openWorkspace(ports, found.value, registry.value.memory);
}
