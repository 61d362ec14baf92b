/** The guard before deletions. */
import type { Mutation } from './mutation.ts';

export const deletions: readonly Mutation[] = [];
