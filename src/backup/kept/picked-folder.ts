/** A folder that the person has picked: whether the browser still lets this app into it, and where backups lie in it. */

import { Failure, toPlaceFailure } from './failure.ts';
import type { InTime } from './in-time.ts';

/** In the folder that was picked, so that nobody's own files are among them. In it is one folder for each workspace. */
export const PICKED_ROOT = 'holdfast-backups';

/** Of the File System Access API; TypeScript's library lacks it. Where there is none, the person is not asked. */
interface Asked {
  queryPermission(options: { readonly mode: 'read' | 'readwrite' }): Promise<PermissionState>;
}
const isAsked = (handle: object): handle is Asked => 'queryPermission' in handle;

/** Whether the browser lets this app in without a question. */
export async function isAllowedInto(handle: FileSystemDirectoryHandle, mode: 'read' | 'readwrite'): Promise<boolean> {
  return !isAsked(handle) || (await handle.queryPermission({ mode })) === 'granted';
}

/**
 * The folder in a picked one that has the backups of that name (without one: itself), made where it is not there; null where it is not to be made. Throws a `Failure`:
 * without permission every call on the folder would wait for an answer that nobody gives.
 */
export async function openPickedFolder(
  handle: FileSystemDirectoryHandle,
  name: string,
  create: boolean,
  inTime: InTime,
): Promise<FileSystemDirectoryHandle | null> {
  return inTime(() => openNow(handle, name, create));
}

async function openNow(
  handle: FileSystemDirectoryHandle,
  name: string,
  create: boolean,
): Promise<FileSystemDirectoryHandle | null> {
  try {
    if (!(await isAllowedInto(handle, create ? 'readwrite' : 'read'))) throw new Failure({ type: 'PlacePermission' });
    // A folder that is gone answers as one that has no such folder in it.
    await handle.keys().next();
    if (name === '') return handle;
    const root = handle.name === PICKED_ROOT ? handle : await handle.getDirectoryHandle(PICKED_ROOT, { create });
    return await root.getDirectoryHandle(name, { create });
  } catch (error) {
    if (!create && error instanceof DOMException && error.name === 'NotFoundError' && (await isThere(handle))) return null;
    throw toPlaceFailure(error);
  }
}

const isThere = (handle: FileSystemDirectoryHandle): Promise<boolean> =>
  handle
    .keys()
    .next()
    .then(
      () => true,
      () => false,
    );
