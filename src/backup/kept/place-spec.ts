import type { AccountId, DeviceId } from '#core/ids.ts';
import type { PathFile } from './files-place.ts';

/** Which place is meant: plain data that a worker can be given. */
export type PlaceSpec =
  | { readonly type: 'device' }
  /** A folder that the person has picked, and the name of the one in it that has these backups. */
  | { readonly type: 'folder'; readonly handle: FileSystemDirectoryHandle; readonly name: string }
  /** The server of the account, as this device of it. */
  | { readonly type: 'server'; readonly accountId: AccountId; readonly deviceId: DeviceId }
  /** Files that were picked all at once, and the path of the folder among them. */
  | { readonly type: 'files'; readonly files: readonly PathFile[]; readonly name: string };

export const ON_DEVICE: PlaceSpec = { type: 'device' };
