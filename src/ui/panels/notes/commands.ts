import type { Command } from '#ui/shell/command.ts';
import { formats } from './editor/formats.ts';
import { openText } from './open-text.ts';

const formatCommands: readonly Command[] = formats.map(({ id, label, icon, words }) => ({
  id: `format-${id}`,
  label: `Format: ${label}`,
  group: 'Text',
  icon,
  words: `${words} markdown`,
  isOffered: () => openText.value?.format != null,
  run: () => openText.value?.format?.(id),
}));

export const commands: readonly Command[] = [
  ...formatCommands,
  {
    id: 'add-files',
    label: 'Add pictures or files to this note',
    group: 'Text',
    icon: 'paperclip',
    words: 'image photo attach attachment upload insert camera',
    isOffered: () => openText.value?.addFiles != null,
    run: () => openText.value?.addFiles?.(),
  },
  {
    id: 'find-in-note',
    label: 'Find in this note',
    group: 'Text',
    icon: 'search',
    words: 'words search hit',
    isOffered: () => openText.value !== null,
    run: () => openText.value?.find(false),
  },
  {
    id: 'replace-in-note',
    label: 'Find and replace in this note',
    group: 'Text',
    icon: 'replace',
    words: 'words search change',
    isOffered: () => openText.value?.format != null,
    run: () => openText.value?.find(true),
  },
  {
    id: 'follow-link',
    label: 'Open the linked note at the caret',
    group: 'Text',
    icon: 'link',
    words: 'follow go wiki',
    isOffered: () => openText.value !== null,
    run: () => openText.value?.followLink(),
  },
  {
    id: 'toggle-preview',
    label: 'Show or hide the preview of notes',
    group: 'View',
    icon: 'file-text',
    words: 'markdown',
    run: ({ shell: { layout } }) => layout.change({ preview: !layout.view.value.preview }),
  },
  {
    id: 'toggle-formats',
    label: 'Show or hide the formatting toolbar',
    group: 'View',
    icon: 'bold',
    words: 'buttons row format markdown',
    run: ({ shell: { layout } }) => layout.change({ formatsHidden: !layout.view.value.formatsHidden }),
  },
];
