import { openMenus } from '#ui/parts/action-menu.ts';
import type { Command } from '#ui/shell/command.ts';

/** What the menus on the page offer, as commands: those about the open document, and those about its surface. */
export const menuCommands = (): readonly Command[] =>
  openMenus().flatMap(({ name, subject, about, items }) =>
    items
      .filter(({ isKnown }) => !isKnown)
      .map(
        ({ label, icon, words = '', act }): Command => ({
          id: `${name}: ${label}`,
          label: subject === '' ? label : `${label.replace('…', '')}: ${subject}`,
          group: about === 'document' ? 'Document' : 'View',
          icon,
          words: `${words} ${name}`,
          run: act,
        }),
      ),
  );
