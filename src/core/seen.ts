import type { Seen } from './protocol-parts.ts';

/**
 * The higher of two positions of one log: what a device says that it has seen never goes back. Of two at the same seq it
 * is `newer`, which was received later.
 */
export const furtherSeen = (older: Seen, newer: Seen): Seen =>
  older !== null && (newer === null || newer.seq < older.seq) ? older : newer;
