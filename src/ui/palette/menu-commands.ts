import { openMenus } from '#ui/parts/action-menu.ts';
import type { Command } from '#ui/shell/command.ts';

/** What the menus on the page offer, as commands: those about the open document, and those about its surface. */
export const menuCommands = (): readonly Command[] =>
  openMenus().flatMap(({ label: menu, about, items }) =>
    items
      .filter(({ isKnown }) => !isKnown)
      .map(
        ({ label, icon, words = '', act }): Command => ({
          id: `${menu}: ${label}`,
          label,
          group: about === 'document' ? 'Document' : 'View',
          icon,
          words: `${words} ${menu}`,
          run: act,
        }),
      ),
  );
