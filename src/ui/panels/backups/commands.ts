import { linkedKind } from '#entities/documents.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import type { Command } from '#ui/shell/command.ts';
import { contentText } from '#ui/text/content-text.ts';
import { drillSentence } from '#ui/text/drill-text.ts';

export const commands: readonly Command[] = [
  {
    id: 'back-up',
    label: 'Back up now',
    group: 'Settings',
    icon: 'archive',
    words: 'backup copy save snapshot',
    run: async ({ app, shell }) => {
      const made = await app.backups.backUpNow('asked');
      shell.notify(
        made.ok
          ? { text: `Backed up and verified: ${contentText(made.value.counts)}` }
          : failureNotice('Not backed up', made.error),
      );
    },
  },
  {
    id: 'restore',
    label: 'Restore from a backup',
    group: 'Settings',
    icon: 'rotate-ccw',
    words: 'back bring recover undo import',
    run: ({ shell }) => shell.navigate('/backups'),
  },
  {
    id: 'restore-file',
    label: 'Restore from a file',
    group: 'Settings',
    icon: 'archive-restore',
    words: 'open import backup json yaml zip age upload',
    run: ({ shell }) => shell.navigate('/backups/file'),
  },
  {
    id: 'try-restore',
    label: 'Try a restore',
    group: 'Settings',
    icon: 'check',
    words: 'backup drill test check verify',
    run: async ({ app, shell }) => {
      shell.notify({ text: 'Trying a restore' });
      const tried = await app.backups.tryRestore(null);
      shell.notify(
        tried.ok
          ? { text: `${drillSentence(tried.value, Date.now())}.` }
          : failureNotice('The restore was not tried to its end', tried.error),
      );
    },
  },
  {
    id: 'import-markdown',
    label: `Import ${linkedKind().nouns.many} from Markdown`,
    group: 'Settings',
    icon: 'folder-input',
    words: 'obsidian joplin notion folder zip md vault bring',
    run: ({ shell }) => shell.navigate('/backups/markdown'),
  },
];
