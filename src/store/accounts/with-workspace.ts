import type { KvError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import { openWorkspace, type Workspace, type WorldPorts } from '#store/workspace.ts';

/** Opens another workspace of this browser for as long as `work` takes. */
export async function withWorkspace<T>(
  ports: WorldPorts,
  row: WorkspaceRow,
  work: (workspace: Workspace) => Promise<Result<T, KvError>>,
): Promise<Result<T, KvError>> {
  const opened = await openWorkspace(ports, row, false);
  if (!opened.ok) return opened;
  try {
    return await work(opened.value);
  } finally {
    opened.value.close();
  }
}
