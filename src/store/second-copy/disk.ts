/** Where the second copy is kept: append-only files in folders, in a store of the browser that is not IndexedDB. */

export interface CopyDisk {
  /** The folders there are. */
  folders(): Promise<readonly string[]>;
  /** The files of a folder, oldest first; none where there is no such folder. */
  files(folder: string): Promise<readonly string[]>;
  /** A file's text. Bytes that are no UTF-8 become U+FFFD. */
  read(folder: string, file: string): Promise<string>;
  /** Opens a file at its end, created where it is absent. Throws where another context has it open. */
  open(folder: string, file: string): Promise<CopyFile>;
  removeFile(folder: string, file: string): Promise<void>;
  /** Removes a folder with its files; harmless where it is absent. Throws where another context has one of them open. */
  removeFolder(folder: string): Promise<void>;
}

export interface CopyFile {
  /** UTF-8 bytes in the file. */
  readonly bytes: number;
  /** Appends. What it has written survives the end of the process; `sync` makes it survive a power cut. */
  append(text: string): Promise<void>;
  sync(): Promise<void>;
  /** Cuts the file to nothing. */
  clear(): Promise<void>;
  close(): void;
}

/** The texts of a folder's files, oldest first. A file that cannot be read is left out. */
export async function readTexts(disk: CopyDisk, folder: string): Promise<readonly string[]> {
  const files = await disk.files(folder);
  const texts = await Promise.all(files.map((file) => disk.read(folder, file).catch(() => '')));
  return texts;
}

const DIGITS = 8;

/** The name of the file that follows `file`: names sort by age. */
export const nextFile = (file: string | undefined): string =>
  `${String(file === undefined ? 1 : Number.parseInt(file, 10) + 1).padStart(DIGITS, '0')}.log`;
