import type { AccountKeys } from './bench-api.ts';

/** Parts of the product's store that no page calls, in a worker of their own. */
export interface Parts {
  /** Saves a new note in a workspace of its own. Milliseconds, as the worker sees them. */
  save(round: number): Promise<number>;
  /** Only the way there and back. */
  echo(value: object): Promise<object>;
  /** Fills a workspace; null means the active one. `pending`: each note waits in the outbox. */
  fill(workspaceId: string | null, count: number, pending: boolean, words?: number): Promise<AccountKeys>;
  /** The versions of `count` notes arrive from a server, a page at a time. Milliseconds without making them. */
  apply(workspaceId: string, count: number): Promise<number>;
  /** Posts `count` ops to the server from memory, as a new account: a push without a database. Milliseconds. */
  post(count: number): Promise<number>;
  /** Opens the store again and reads the first rows of the list. */
  firstRows(workspaceId: string, limit: number): Promise<{ readonly openMs: number; readonly listMs: number }>;
}
