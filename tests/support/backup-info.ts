import type { BackupInfo } from '#core/backups.ts';

/** A backup as it is listed, of the workspace `w`. */
export const backupInfo = (madeAt: number, localSeq: number, reason: BackupInfo['reason'] = 'schedule'): BackupInfo => ({
  ...{ id: `${madeAt}/${localSeq}`, account: 'a', workspace: 'w', device: { id: 'd', name: '' }, app: '' },
  ...{ madeAt, localSeq, reason, from: null, database: 1, records: 0, counts: {}, bytes: 0, blobs: { files: 0, bytes: 0 } },
  lacking: 0,
  ...{ verifiedAt: madeAt, damaged: [], checkedAt: null, isShrunken: false, isPinned: false, keptUntil: null },
});
