/** A restore whose process ends by SIGKILL at a step: `node tests/support/killed-restore.ts <data folder> <file> <step>`. */
import { join } from 'node:path';
import { createFileBlobs } from '#server/blobs/file-blobs.ts';
import { systemClock, systemRandom } from '#server/system.ts';
import { restore } from '#server/upkeep/restore.ts';

const [dataDir = '', file = '', last = ''] = process.argv.slice(2);
let step = 0;
process.exitCode = await restore(
  {
    dataDir,
    accessPath: join(dataDir, 'holdfast-access.log'),
    blobs: createFileBlobs(join(dataDir, 'blobs')),
    clock: systemClock,
    random: systemRandom,
    withoutDamaged: false,
    mayBeEmpty: false,
    onStep() {
      step += 1;
      if (step === Number(last)) process.kill(process.pid, 'SIGKILL');
    },
  },
  file,
);
