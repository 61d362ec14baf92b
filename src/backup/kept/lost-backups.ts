/** Backups of workspaces that nothing in this browser knows any more. */
import type { BackupList, LostBackups } from '#core/backups.ts';

/** Of each of these workspaces the newest that is whole and not shrunken, where there is such a one. The newest first. */
export async function listLost(
  workspaces: readonly string[],
  list: (workspaceId: string) => Promise<BackupList>,
): Promise<readonly LostBackups[]> {
  const found: LostBackups[] = [];
  for (const workspaceId of workspaces) {
    const { backups } = await list(workspaceId);
    const newest = backups.find(({ isShrunken, verifiedAt }) => !isShrunken && verifiedAt !== null) ?? backups[0];
    if (newest) found.push({ workspaceId, newest, count: backups.length });
  }
  return found.sort((a, b) => b.newest.madeAt - a.newest.madeAt);
}
