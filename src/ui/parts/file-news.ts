/** What is said about files that a person adds, wherever they add them. */
import type { AddFileError } from '#app/files.ts';
import type { Notice } from '#ui/shell/shell.ts';
import { errorText } from '#ui/text/error-text.ts';
import type { UiError } from '#ui/text/error-types.ts';

/** The person has ended it: nothing is to be said. */
export const isEndedByPerson = ({ type }: AddFileError): boolean => type === 'PrepareStopped' || type === 'Canceled';

/** A file of that name, which may be empty, was not added. */
export function notAddedNotice(name: string, error: AddFileError): Notice {
  // What is said of words, that they are kept in this tab and tried again, is not true of a file.
  const why =
    error.type === 'QuotaExceeded'
      ? 'This device has no room for it. Make some (Settings, Storage), then add it again.'
      : wholeText(error);
  return { text: `${name || 'The file'} was not added. ${why}`, tone: 'bad', isLong: true };
}

/** It was added, and something about it is to be known. */
export const addedNotice = (notice: UiError): Notice => ({ text: wholeText(notice), isLong: true });

function wholeText(error: UiError): string {
  const { title, advice } = errorText(error);
  return `${title}. ${advice}`;
}

/** The files of an `<input type=file>`, which is cleared: the same file can be picked again. */
export function takePicked({ target }: Event): readonly File[] {
  const input = target as HTMLInputElement;
  const files = [...(input.files ?? [])];
  input.value = '';
  return files;
}

/** The same of one that picks a folder: the folder's name, and its files with their paths. Null where it has none. */
export function takeFolder(event: Event) {
  const files = takePicked(event).map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  const [first] = files;
  return first ? { name: first.path.split('/')[0] ?? '', files } : null;
}
