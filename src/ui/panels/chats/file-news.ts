import type { Shell } from '#ui/shell/shell.ts';
import { errorText } from '#ui/text/error-text.ts';
import { count } from '#ui/text/time-text.ts';
import { MAX_ATTACHMENTS, type PromptTrayOptions } from './prompt-tray.ts';

/** What is said about files that are added to a prompt. */
export function fileNews(shell: () => Shell): Omit<PromptTrayOptions, 'files' | 'onChange'> {
  return {
    onAdded({ notice }) {
      if (!notice) return;
      const { title, advice } = errorText(notice);
      shell().notify({ text: `${title}. ${advice}`, isLong: true });
    },
    onRefused(name, error) {
      const { title, advice } = errorText(error);
      shell().notify({ text: `${name || 'The file'} was not added. ${title}. ${advice}`, tone: 'bad', isLong: true });
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
