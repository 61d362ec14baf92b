/** All mutations, by area. */
import { accounts } from './accounts.ts';
import { bulks } from './bulks.ts';
import { copy } from './copy.ts';
import { deletions } from './deletions.ts';
import { drain } from './drain.ts';
import { driver } from './driver.ts';
import { journal } from './journal.ts';
import type { Mutation } from './mutation.ts';
import { positions } from './positions.ts';
import { saving } from './saving.ts';
import { server } from './server.ts';

export type { Mutation };

export const mutations: readonly Mutation[] = [
  ...saving,
  ...journal,
  ...drain,
  ...driver,
  ...bulks,
  ...positions,
  ...deletions,
  ...accounts,
  ...copy,
  ...server,
];
