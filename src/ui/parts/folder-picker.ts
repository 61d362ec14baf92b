/** A folder that the person picks, and the permission to use it: the browser asks, and only where the person has pressed something just now. */

/** Of the File System Access API; TypeScript's library lacks it. */
interface Picker {
  showDirectoryPicker(options: { readonly id: string; readonly mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}
interface Asking {
  requestPermission(options: { readonly mode: 'readwrite' }): Promise<PermissionState>;
}

const hasPicker = (page: object): page is Picker => 'showDirectoryPicker' in page;
const canAsk = (folder: object): folder is Asking => 'requestPermission' in folder;

/** A question that nobody sees has no answer. */
const PATIENCE_MS = 120_000;

/** Whether this browser lets an app write into a folder of the person: Chromium on a computer. */
export const canPickFolder = (): boolean => hasPicker(window);

/** A folder for backups, to be written into as well. Null where the person has picked none. It opens where the last one was picked. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | null> {
  if (!hasPicker(window)) return null;
  try {
    return await window.showDirectoryPicker({ id: 'holdfast-backups', mode: 'readwrite' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** Whether the person lets this app into the folder. */
export async function askForFolder(folder: FileSystemDirectoryHandle): Promise<boolean> {
  if (!canAsk(folder)) return true;
  const { promise: late, resolve } = Promise.withResolvers<PermissionState>();
  const timer = setTimeout(() => resolve('prompt'), PATIENCE_MS);
  try {
    return (await Promise.race([folder.requestPermission({ mode: 'readwrite' }), late])) === 'granted';
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
