/** Backups of workspaces that nothing in this browser knows any more. */
import type { BackupList, LostBackups } from '#core/backups.ts';
import { caught } from './failure.ts';

/** Of each of these workspaces the newest that is whole and not shrunken, where there is such a one. The newest first. One that cannot be listed is left out. */
export async function listLost(
  workspaces: readonly string[],
  list: (workspaceId: string) => Promise<BackupList>,
): Promise<readonly LostBackups[]> {
  const found: LostBackups[] = [];
  for (const workspaceId of workspaces) {
    const listed = await caught(() => list(workspaceId));
    if (!listed.ok) continue;
    const { backups } = listed.value;
    const newest = backups.find(({ isShrunken, verifiedAt }) => !isShrunken && verifiedAt !== null) ?? backups[0];
    if (newest) found.push({ workspaceId, newest, count: backups.length });
  }
  return found.sort((a, b) => b.newest.madeAt - a.newest.madeAt);
}
