/** What happens in one run: a list of acts with their times, made from a seed (`plan.ts`), or kept in a file. */

/** What one device is like for the whole run. */
export interface DevicePlan {
  /** Its wall clock's error, ms. */
  readonly skewMs: number;
  /** A service worker drains; without one the leading tab does. */
  readonly courier: boolean;
  /** How often its steps are passed over, 0 to 1: a slow machine. */
  readonly lag: number;
  /** Runs a later version of the app than the others. */
  readonly newer?: boolean;
  /** From how many ops on its pushes are bulks; as the product has it where it is not said. */
  readonly bulkFrom?: number;
  /** Ops to a push at most; absent: the protocol's own limit, which is never reached here. */
  readonly pushLimit?: number;
  /** From how many characters on a body travels by itself; absent: as in the product, which is never reached here. */
  readonly largeBody?: number;
  /** Pulled entities to a transaction; absent: as in the product, which is never reached here. */
  readonly applyBatch?: number;
  /** Entities to a page of a pull or a manifest; absent: as in the product, which is never reached here. */
  readonly pageSize?: number;
  /** The share of messages between its contexts that are lost, 0 to 1; absent: one in twenty. */
  readonly loss?: number;
  /** Keeps a second copy of what is unsent; absent: its databases are never lost alone. */
  readonly copies?: true;
  /** From how many deletions on it asks: so many in all, or so many and more than half of a kind. Absent: as in the product. */
  readonly guard?: { readonly many: number; readonly few: number };
}

export type Deed =
  // A person's.
  | { readonly do: 'new'; readonly device: number; readonly tab: number; readonly note: number; readonly chat: boolean }
  | {
      readonly do: 'type';
      readonly device: number;
      readonly tab: number;
      readonly note: number;
      readonly field: 'text' | 'title' | 'tags' | 'message';
      /** Where in the text, 0 to 1. */
      readonly place: number;
      readonly line: boolean;
      readonly count: number;
      readonly gapMs: number;
      /** Then goes on to something else. */
      readonly leave: boolean;
    }
  | {
      readonly do: 'erase';
      readonly device: number;
      readonly tab: number;
      readonly note: number;
      readonly place: number;
      readonly leave: boolean;
    }
  // Takes back the person's last change of the text; takes a tag away; pastes a word in the wrong place, takes that back,
  // and pastes it where it was meant to be.
  | { readonly do: 'undo'; readonly device: number; readonly tab: number; readonly note: number }
  | { readonly do: 'untag'; readonly device: number; readonly tab: number; readonly note: number; readonly place: number }
  | {
      readonly do: 'move';
      readonly device: number;
      readonly tab: number;
      readonly note: number;
      readonly place: number;
      readonly gapMs: number;
    }
  // Notes number `from` and the `count - 1` after it.
  | {
      readonly do: 'new-many';
      readonly device: number;
      readonly tab: number;
      readonly from: number;
      readonly count: number;
    }
  | {
      readonly do: 'purge-many';
      readonly device: number;
      readonly tab: number;
      readonly from: number;
      readonly count: number;
      /** In one act that the person has confirmed, as "Empty bin" is. */
      readonly confirmed?: boolean;
    }
  // What the person says to held deletions.
  | { readonly do: 'answer'; readonly device: number; readonly tab: number; readonly word: 'delete' | 'keep' }
  | {
      readonly do: 'mark';
      readonly device: number;
      readonly tab: number;
      readonly note: number;
      readonly what: 'star' | 'bin' | 'restore' | 'purge' | 'revert';
      readonly leave: boolean;
    }
  | {
      readonly do: 'set';
      readonly device: number;
      readonly tab: number;
      readonly what: 'theme' | 'prompt' | 'ask' | 'newer' | 'layout' | 'card';
    }
  | {
      readonly do: 'resolve';
      readonly device: number;
      readonly tab: number;
      readonly place: number;
      readonly choice: 'mine' | 'theirs';
    }
  // Adds file number `file` at `place`; takes a picture out; copies one to the note `to`; looks at all of a note's.
  | {
      readonly do: 'file-add';
      readonly device: number;
      readonly tab: number;
      readonly note: number;
      readonly file: number;
      /** Too large for a row: it is kept as a file. */
      readonly large: boolean;
      readonly place: number;
    }
  | {
      readonly do: 'file-out' | 'file-open';
      readonly device: number;
      readonly tab: number;
      readonly note: number;
      readonly place: number;
    }
  | {
      readonly do: 'file-copy';
      readonly device: number;
      readonly tab: number;
      readonly note: number;
      readonly to: number;
      readonly place: number;
    }
  // Removes what nothing names; lets the bytes of one go that the server has.
  | { readonly do: 'file-collect'; readonly device: number; readonly tab: number }
  | { readonly do: 'file-letgo'; readonly device: number; readonly tab: number; readonly place: number }
  // Makes a backup; copies one to the server; removes one of those listed; restores from one, of everything or of one note. `isServer`: of those on the
  // server, which come from all devices.
  | { readonly do: 'backup'; readonly device: number; readonly tab: number }
  | { readonly do: 'backup-out'; readonly device: number; readonly tab: number; readonly place: number }
  | {
      readonly do: 'backup-remove';
      readonly device: number;
      readonly tab: number;
      readonly place: number;
      readonly isServer?: true;
    }
  | {
      readonly do: 'restore';
      readonly device: number;
      readonly tab: number;
      readonly place: number;
      readonly way: 'merge' | 'overwrite' | 'copy';
      readonly skipNewer: boolean;
      readonly only?: number;
      readonly isServer?: true;
    }
  // Ends one that was interrupted; takes back any.
  | {
      readonly do: 'restore-end';
      readonly device: number;
      readonly tab: number;
      readonly place: number;
      readonly word: 'resume' | 'undo';
    }
  | { readonly do: 'restore-undo'; readonly device: number; readonly tab: number; readonly place: number }
  // No room in the folder of backups; one of its parts is lost or changed.
  | { readonly do: 'backup-full'; readonly device: number; readonly skip: number; readonly times: number }
  | { readonly do: 'backup-damage'; readonly device: number; readonly place: number; readonly how: 'lost' | 'changed' }
  // The life of a device.
  | { readonly do: 'open' | 'close' | 'reload' | 'hide'; readonly device: number; readonly tab: number }
  | {
      readonly do: 'kill';
      readonly device: number;
      readonly tab: number;
      readonly what: 'page' | 'worker' | 'backup' | 'courier' | 'browser' | 'power';
      readonly gates: number;
    }
  | { readonly do: 'evict'; readonly device: number }
  // The browser loses its databases, and keeps its cookies and the second copy.
  | { readonly do: 'lose'; readonly device: number }
  // With `forMs` it is put right again after so long.
  | { readonly do: 'clock'; readonly device: number; readonly byMs: number; readonly forMs?: number }
  | {
      readonly do: 'disk';
      readonly device: number;
      readonly fault: 'full' | 'lost' | 'untold';
      readonly skip: number;
      readonly times: number;
    }
  // No room for files: for `times` pieces after `skip` others.
  | { readonly do: 'file-full'; readonly device: number; readonly skip: number; readonly times: number }
  // The network's and the server's.
  | { readonly do: 'online' | 'offline'; readonly device: number }
  | { readonly do: 'weather'; readonly device: number; readonly badness: number; readonly latencyMs: number }
  | { readonly do: 'server-kill'; readonly gates: number }
  | { readonly do: 'server-stop'; readonly ms: number }
  | { readonly do: 'server-full'; readonly ms: number }
  | { readonly do: 'server-copy' }
  // With `files` the blobs come from the copy, some of them, or none; absent: they are where they were.
  | { readonly do: 'server-restore'; readonly rotate: boolean; readonly files?: 'copy' | 'some' | 'none' }
  // Removes what nothing names: now, or together with each of the next `pushes`.
  | { readonly do: 'server-collect'; readonly pushes?: number }
  | { readonly do: 'server-wipe' };

export type Act = Deed & { readonly at: number };

export interface Plan {
  readonly seed: number;
  readonly devices: readonly DevicePlan[];
  readonly acts: readonly Act[];
  /** One person, one device, one tab at a time: what is at the end is what was on the screen. */
  readonly alone?: boolean;
  /** There are pictures and files. */
  readonly blobs?: boolean;
  /** There are backups. */
  readonly backups?: boolean;
  /** Every tab is closed while the network is away, and nobody opens one again: what was saved is sent all the same. */
  readonly unattended?: boolean;
}

/** What may go wrong in a run: each seed takes some of it, so that simple runs stay simple. */
export type Trouble =
  | 'kill'
  | 'power'
  | 'net'
  | 'weather'
  | 'server'
  | 'past'
  | 'clock'
  | 'disk'
  | 'life'
  | 'evict'
  | 'full'
  | 'versions';
