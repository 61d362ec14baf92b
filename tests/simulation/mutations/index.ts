/** All mutations, by area. */
import { accounts } from './accounts.ts';
import { answers } from './answers.ts';
import { backupPlaces } from './backup-places.ts';
import { backups } from './backups.ts';
import { blobs } from './blobs.ts';
import { bulks } from './bulks.ts';
import { copy } from './copy.ts';
import { deletions } from './deletions.ts';
import { drain } from './drain.ts';
import { driver } from './driver.ts';
import { journal } from './journal.ts';
import { knowledge } from './knowledge.ts';
import { largeBodies } from './large-bodies.ts';
import type { Mutation } from './mutation.ts';
import { positions } from './positions.ts';
import { restored } from './restored.ts';
import { saving } from './saving.ts';
import { server } from './server.ts';
import { session } from './session.ts';

export type { Mutation };

export const mutations: readonly Mutation[] = [
  ...saving,
  ...journal,
  ...session,
  ...drain,
  ...answers,
  ...driver,
  ...bulks,
  ...largeBodies,
  ...positions,
  ...knowledge,
  ...restored,
  ...deletions,
  ...accounts,
  ...copy,
  ...server,
  ...blobs,
  ...backups,
  ...backupPlaces,
];
