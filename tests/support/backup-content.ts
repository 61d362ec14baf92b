/** What tests of backup files write and read. */
import type { BackupHead } from '#backup/format/head.ts';

export const aHead: BackupHead = {
  format: 'holdfast-backup',
  version: 1,
  app: '0.1.0',
  account: '01990000-0000-7000-8000-00000000000a',
  workspace: '01990000-0000-7000-8000-00000000000b',
  device: { id: '01990000-0000-7000-8000-00000000000c', name: 'Laptop' },
  madeAt: '2026-11-27T08:30:00.000Z',
  localSeq: 42,
  counts: { note: { live: 2, binned: 1 } },
  secrets: false,
  files: 0,
};
