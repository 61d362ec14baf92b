/** What bringing a file or a folder of Markdown asks of a device: of one that has no pictures, files and keys, and drops those that come. */
import type { createKeptBackups, Run } from '#backup/kept/kept-backups.ts';
import type { BringFolderWorld } from '#backup/markdown/bring-folder.ts';
import type { BringWorld } from '#backup/restore/bring-file.ts';
import { memoryTemp } from './backup-file.ts';
import type { BackupWorld } from './backup-world.ts';

interface Keeping {
  readonly kept: Pick<ReturnType<typeof createKeptBackups>, 'bring'>;
  readonly run: Run;
}

export const bringPorts = ({ kept, run }: Keeping): BringWorld => ({
  temp: memoryTemp(),
  keep: (bringing) => kept.bring(bringing, run),
  haveFiles: async () => [],
  putFile: async () => {},
  keepSecrets: async () => {},
  signal: new AbortController().signal,
  tell: () => {},
});

export const bringFolderPorts = (world: BackupWorld): BringFolderWorld => ({
  ...bringPorts(world),
  about: world.about,
  rows: world.rows,
  nowMs: world.time.ms,
});
