/** What another program shares with the installed app: the service worker keeps it in a cache until a page has made a note of it. */

/** The address that the manifest gives to the operating system. */
export const SHARE_PATH = '/share';

/** Its entries: `/share/<id>/<n>`, a file each, and `/share/<id>`, a `SharedWords`, written last: only what has it is whole. */
export const SHARED_CACHE = 'holdfast-shared';

/** The name of a file, as `encodeURIComponent` writes it. */
export const SHARED_NAME = 'x-holdfast-name';

/** The words of one share; empty where it has none. */
export interface SharedWords {
  readonly title: string;
  readonly text: string;
  readonly url: string;
  /** How many files it has. */
  readonly files: number;
  /** The device id of the account that has the note, while files of it wait here. */
  readonly takenBy?: string;
}

export const sharedPath = (id: string, file?: number): string =>
  file === undefined ? `${SHARE_PATH}/${id}` : `${SHARE_PATH}/${id}/${file}`;
