/**
 * The keys of the whole app, by command id. They are apart from the commands themselves, because a key has to work
 * before the palette's code is there.
 *
 * Ctrl+Alt on Windows and Linux (Ctrl alone belongs to the browser, Alt+Shift to Chrome's bars), Control+Shift on a Mac
 * (Control+Option belongs to VoiceOver, Command+Option to the browsers' tools). Both leave all letters to be typed.
 */
import { panels } from '#ui/panels/index.ts';
import type { Shortcut } from '#ui/panels/panel.ts';
import { isMac, keyNames } from '#ui/text/key-names.ts';

export const shortcuts: readonly Shortcut[] = [
  { command: 'palette', keys: 'Mod+K' },
  { command: 'search', keys: 'Mod+Shift+F' },
  { command: 'shortcuts', keys: '?' },
  ...panels.flatMap(({ keys = [] }) => keys),
  { command: 'close-tab', keys: 'App+W' },
  { command: 'reopen-tab', keys: 'App+Z' },
  { command: 'next-tab', keys: 'App+PageDown' },
  { command: 'previous-tab', keys: 'App+PageUp' },
  { command: 'toggle-sidebar', keys: 'App+B' },
  { command: 'sync-now', keys: 'App+S' },
];

type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The command that a key press asks for. A single character is left to the field that is being written in. */
export function commandOfKeys(event: Keys, isWriting: boolean, mac = isMac): string | undefined {
  return shortcuts.find(({ keys }) => isPressed(keys, event, isWriting, mac))?.command;
}

function isPressed(keys: string, event: Keys, isWriting: boolean, mac: boolean): boolean {
  const [name = '', ...modifiers] = keys.split('+').reverse();
  const { ctrlKey: control, metaKey: meta, altKey: alt, shiftKey: shift } = event;
  // ? needs Shift on most keyboards, and none on some: only the character counts.
  if (modifiers.length === 0) return !isWriting && event.key === name && !control && !meta && !alt;
  // The place of the key, so that Alt does not turn it into another letter, and other alphabets have it, too.
  if (event.code !== (name.length === 1 ? `Key${name}` : name)) return false;
  if (modifiers.includes('Mod')) return !alt && shift === modifiers.includes('Shift') && control === !mac && meta === mac;
  return control && !meta && alt === !mac && shift === mac;
}

/** In the words of `aria-keyshortcuts`. */
export function ariaKeys(command: string, mac = isMac): string | undefined {
  const keys = keysOf(command);
  return keys?.replace('Mod', mac ? 'Meta' : 'Control').replace('App', mac ? 'Control+Shift' : 'Control+Alt');
}

/** A command's keys in one word, for tooltips: ` (Ctrl+Alt+N)`; empty where it has none. */
export function keysHint(command: string, mac = isMac): string {
  const keys = keysOf(command);
  return keys === undefined ? '' : ` (${keyNames(keys, mac).join(mac ? '' : '+')})`;
}

export function keysOf(command: string): string | undefined {
  return shortcuts.find((shortcut) => shortcut.command === command)?.keys;
}
