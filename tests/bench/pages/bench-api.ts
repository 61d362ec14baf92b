/** What the benchmark page offers to the Node side. Plain data both ways. */
/** How far a write has gone when it counts as done. `full` is SQLite's `synchronous`; – where nothing is written. */
export type Durability = 'memory' | 'relaxed' | 'strict' | 'full' | '–';

/** Samples in ms by the name of what was timed. */
export interface Series {
  readonly name: string;
  readonly what: string;
  readonly durability: Durability;
  readonly samples: readonly number[];
}

export interface AccountKeys {
  readonly accountId: string;
  readonly accountKey: string;
}

/** A call that takes its time. */
export interface Told {
  readonly ms: number;
  /** How often it has said how far it was, each time further or in another phase. */
  readonly told: number;
  /** The longest time without a word, in ms. */
  readonly longestMs: number;
}

export interface BenchApi {
  /**
   * Fills the active workspace with notes by the store's own writer. `pending`: each waits in the outbox. `words`: so many in each, which differ as
   * people's do; absent, all say the same.
   */
  fill(count: number, options: { readonly pending: boolean; readonly words?: number }): Promise<AccountKeys>;
  save(rounds: number): Promise<readonly Series[]>;
  bulk(rounds: number, count: number): Promise<readonly Series[]>;
  list(rounds: number, few: number, many: number): Promise<readonly Series[]>;
  search(rounds: number, count: number): Promise<readonly Series[]>;
  makeAccount(): Promise<void>;
  /** A new file on the device, and on the server as well. Milliseconds from the beginning, each. */
  keepFile(size: number): Promise<{ readonly here: number; readonly there: number }>;
  /** As many bytes by a bare `fetch`. Milliseconds. */
  sendBare(size: number): Promise<number>;
  /** The newest backup as files: JSON, YAML, ZIP, and the floor. */
  writeExports(rounds: number): Promise<readonly Series[]>;
  writeYaml(rounds: number): Promise<readonly Series[]>;
  /** A backup of the active workspace, which is kept. Milliseconds, and the bytes that all backups take on the disk then. */
  backUp(): Promise<Told & { readonly bytes: number; readonly records: number }>;
  /** Adds notes that name a file of so many random bytes each. */
  addFiles(count: number, size: number): Promise<void>;
  /** The newest backup as a ZIP, which the browser copies into its downloads. */
  download(): Promise<Told & { readonly bytes: number; readonly files: number; readonly missing: number }>;
  /** Brings the file that was picked in `#picked`. */
  bringPicked(): Promise<Told & { readonly records: number }>;
  /** Restores all of the newest backup. */
  restore(): Promise<Told & { readonly changed: number }>;
  /** Gives the last so many notes another text. */
  changeNotes(count: number): Promise<void>;
  /** Notes that show a picture each. */
  fillPictures(count: number): Promise<void>;
  /** Sends everything that waits, with the product's own store worker. Milliseconds. */
  drain(): Promise<number>;
  /** Opens the account here as a fresh device and pulls all of it. */
  join(keys: AccountKeys): Promise<{ readonly ms: number; readonly count: number }>;
  /** The floor of a push: the same ops posted from memory. Milliseconds. */
  postFromMemory(count: number): Promise<number>;
  /** The floor of a pull: the same rows put into a new database, by idb alone. Milliseconds. */
  putRaw(count: number): Promise<number>;
  pouchFill(name: string, count: number): Promise<void>;
  pouchPush(name: string, remote: string): Promise<number>;
  pouchPull(name: string, remote: string): Promise<{ readonly ms: number; readonly count: number }>;
  rxdbFill(name: string, count: number): Promise<void>;
  rxdbPush(name: string, remote: string): Promise<number>;
  rxdbPull(name: string, remote: string): Promise<{ readonly ms: number; readonly count: number }>;
}

declare global {
  interface Window {
    bench: BenchApi;
  }
}
