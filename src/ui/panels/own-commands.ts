/** What single panels add to the registry and to the shortcut sheet, by a file in their folder. It comes with the palette. */
import type { Command } from '#ui/shell/command.ts';
import type { LocalKeys } from './panel.ts';

const commands = import.meta.glob<readonly Command[]>('./*/commands.ts', { eager: true, import: 'commands' });
const keys = import.meta.glob<LocalKeys>('./*/local-keys.ts', { eager: true, import: 'localKeys' });

export const panelCommands: readonly Command[] = Object.values(commands).flat();

/** Keys that count inside one panel only. */
export const panelKeys: readonly LocalKeys[] = Object.values(keys);
