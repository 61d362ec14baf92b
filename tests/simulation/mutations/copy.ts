/** The second copy of what only this device has. */
import type { Mutation } from './mutation.ts';

export const copy: readonly Mutation[] = [];
