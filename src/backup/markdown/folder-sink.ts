/** A folder of Markdown as files in a folder that the person has picked. */
import { toPlaceFailure } from '#backup/kept/failure.ts';
import { createFolderPlace } from '#backup/kept/folder-place.ts';
import { createInTime } from '#backup/kept/in-time.ts';
import { openPickedFolder } from '#backup/kept/picked-folder.ts';
import type { Clock } from '#core/ports.ts';
import type { FolderSink } from './write-folder.ts';

/** Lies in the folder until all of it is written: whoever finds it there knows that something ended the export. */
export const INCOMPLETE = 'INCOMPLETE.txt';
const INCOMPLETE_TEXT = 'This export was not finished: files are missing. Delete this folder, and export again.\n';
/** More exports of the same minute are not looked for. */
const MOST = 1000;

export interface OpenedFolderSink extends FolderSink {
  /** Of the folder in the picked one: nothing that is there is written over. */
  readonly name: string;
  finish(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Makes a folder of that name, or with a number behind it. Each file is written beside and moved. Everything throws a `Failure`. */
export async function openFolderSink(
  picked: FileSystemDirectoryHandle,
  wanted: string,
  clock: Pick<Clock, 'setTimer'>,
): Promise<OpenedFolderSink> {
  const root = (await openPickedFolder(picked, '', true, createInTime(clock))) ?? picked;
  try {
    const name = await freeName(root, wanted);
    const place = createFolderPlace(await root.getDirectoryHandle(name, { create: true }), { clock });
    await place.write(INCOMPLETE, new TextEncoder().encode(INCOMPLETE_TEXT));
    return {
      name,
      add: async (path, content) => place.write(path, new Uint8Array(await content.arrayBuffer())),
      finish: () => place.remove(INCOMPLETE),
      discard: () => root.removeEntry(name, { recursive: true }).catch(() => {}),
    };
  } catch (error) {
    throw toPlaceFailure(error);
  }
}

async function freeName(root: FileSystemDirectoryHandle, wanted: string): Promise<string> {
  const there = new Set<string>();
  for await (const name of root.keys()) there.add(name.toLowerCase());
  for (let at = 1; at < MOST; at++) {
    const name = at === 1 ? wanted : `${wanted} ${at}`;
    if (!there.has(name.toLowerCase())) return name;
  }
  throw new DOMException('there are too many exports in the folder', 'InvalidModificationError');
}
