import { addedNotice, isEndedByPerson, notAddedNotice } from '#ui/parts/file-news.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { count } from '#ui/text/time-text.ts';
import { MAX_ATTACHMENTS, type PromptTrayOptions } from './prompt-tray.ts';

/** What is said about files that are added to a prompt. */
export function fileNews(shell: () => Shell): Omit<PromptTrayOptions, 'files' | 'onChange'> {
  return {
    onAdded({ notice }) {
      if (notice) shell().notify(addedNotice(notice));
    },
    onRemoved({ name }, undo) {
      shell().notify({ text: `${name || 'The file'} was taken out.`, undo });
    },
    onRefused(name, error) {
      if (!isEndedByPerson(error)) shell().notify(notAddedNotice(name, error));
    },
    onTooMany(names) {
      const what = names.length === 1 && names[0] ? `${names[0]} was` : `${count(names.length, 'file')} were`;
      shell().notify({
        text: `${what} not added: a message takes ${MAX_ATTACHMENTS} files at most. Send the others with the next one.`,
        tone: 'bad',
        isLong: true,
      });
    },
  };
}
