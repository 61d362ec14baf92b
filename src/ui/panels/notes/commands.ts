import type { Command } from '#ui/shell/command.ts';

export const commands: readonly Command[] = [
  {
    id: 'toggle-preview',
    label: 'Show or hide the preview of notes',
    group: 'View',
    icon: 'file-text',
    words: 'markdown',
    run: ({ shell: { layout } }) => layout.change({ preview: !layout.view.value.preview }),
  },
];
