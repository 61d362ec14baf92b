/** Accounts: entered, changed, brought along. */
import type { Mutation } from './mutation.ts';

export const accounts: readonly Mutation[] = [];
