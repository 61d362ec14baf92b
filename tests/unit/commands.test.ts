/** One registry: the palette, the sheet and the keys say the same. */
import { describe, expect, test } from 'vitest';
import { localKeys } from '#ui/palette/local-keys.ts';
import { listSections } from '#ui/palette/palette-options.ts';
import { formatKeys } from '#ui/panels/notes/editor/format-commands.ts';
import { frameIconNames, spriteIconNames } from '#ui/parts/icon.ts';
import { groups } from '#ui/shell/command.ts';
import { commandOf, commands } from '#ui/shell/commands.ts';
import { ariaKeys, commandOfKeys, keysHint, shortcuts } from '#ui/shell/shortcuts.ts';
import { keyNames } from '#ui/text/key-names.ts';

const NO_KEYS = { key: '', code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('the registry', () => {
  test('names each command once, in a group and with an icon that exist', () => {
    const ids = commands.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(commands.map(({ label }) => label)).size).toBe(ids.length);
    const icons = [...frameIconNames, ...spriteIconNames];
    expect(commands.filter(({ group, icon }) => !groups.includes(group) || !icons.includes(icon))).toEqual([]);
  });

  test('knows every command that has keys, and no two have the same', () => {
    expect(shortcuts.filter(({ command }) => !commandOf(command))).toEqual([]);
    expect(new Set(shortcuts.map(({ keys }) => keys)).size).toBe(shortcuts.length);
    expect(new Set(shortcuts.map(({ command }) => command)).size).toBe(shortcuts.length);
  });

  test('leads to a surface for each of its links', () => {
    expect(commandOf('go-notes')?.label).toBe('Go to Notes');
    expect(commandOf('go-chats')?.label).toBe('Go to Chats');
    expect(commandOf('go-settings')?.label).toBe('Go to Settings');
  });

  test.each([
    ['trash', 'Move this to the bin'],
    ['delete', 'Move this to the bin'],
    ['remove', 'Move this to the bin'],
    ['bookmark', 'Star or unstar this'],
    ['export', 'Export everything as one file'],
    ['backup', 'Go to Backups'],
    ['snapshot', 'Back up now'],
    ['restore', 'Restore from a backup'],
    ['dark', 'Theme: dark'],
    ['font', 'Settings: Accessibility'],
    ['zoom', 'Settings: Accessibility'],
    ['password', 'Settings: Account'],
    ['rename device', 'Settings: Account'],
    ['quota', 'Settings: Storage'],
    ['api key', 'Settings: Model server'],
    ['hotkeys', 'Keyboard shortcuts'],
    ['tags', 'Manage the tags of your notes'],
    ['rejected', 'Status: Quarantine'],
    ['overwritten', 'Status: Merge log'],
    ['errors', 'Status: Event log'],
    ['erase', 'Settings: Data'],
  ])('finds by the word “%s”: %s', (word, label) => {
    const [first] = listSections(word, { commands, recent: [], hits: [] }).flatMap(({ options }) => options);
    expect(first?.type === 'command' && first.command.label).toBe(label);
  });

  test("says the editor's keys as the editor has them", () => {
    const shown = localKeys.flatMap(({ rows }) => rows.map(({ keys }) => keys.toLowerCase()));
    expect(
      formatKeys.map(({ key }) => key?.replaceAll('-', '+').toLowerCase()).filter((key) => !shown.includes(key ?? '')),
    ).toEqual([]);
  });
});

describe('keys', () => {
  const press = (keys: Partial<typeof NO_KEYS>, isWriting = false, mac = false): string | undefined =>
    commandOfKeys({ ...NO_KEYS, ...keys }, isWriting, mac);

  test('open the palette by Ctrl+K, on a Mac by Command+K, in a text field, too', () => {
    expect(press({ code: 'KeyK', ctrlKey: true }, true)).toBe('palette');
    expect(press({ code: 'KeyK', metaKey: true }, true, true)).toBe('palette');
    expect(press({ code: 'KeyK', metaKey: true })).toBeUndefined();
    expect(press({ code: 'KeyK', ctrlKey: true }, true, true)).toBeUndefined();
    expect(press({ code: 'KeyK', ctrlKey: true, shiftKey: true })).toBeUndefined();
  });

  test('open the search by Ctrl+Shift+F, on a Mac by Command+Shift+F, and leave Ctrl+F to the browser', () => {
    expect(press({ code: 'KeyF', ctrlKey: true, shiftKey: true }, true)).toBe('search');
    expect(press({ code: 'KeyF', metaKey: true, shiftKey: true }, true, true)).toBe('search');
    expect(press({ code: 'KeyF', ctrlKey: true })).toBeUndefined();
    expect(keyNames('Mod+Shift+F', false)).toEqual(['Ctrl', 'Shift', 'F']);
    expect(ariaKeys('search', true)).toBe('Meta+Shift+F');
  });

  test('go by the place of the key, whatever letter Alt makes of it', () => {
    expect(press({ key: 'ñ', code: 'KeyN', ctrlKey: true, altKey: true })).toBe('new-note');
    expect(press({ key: 'N', code: 'KeyN', ctrlKey: true, shiftKey: true }, true, true)).toBe('new-note');
    expect(press({ key: 'n', code: 'KeyN', ctrlKey: true })).toBeUndefined();
    expect(press({ code: 'PageDown', ctrlKey: true, altKey: true })).toBe('next-tab');
  });

  test('leave a question mark to whoever writes one', () => {
    expect(press({ key: '?', code: 'Slash', shiftKey: true })).toBe('shortcuts');
    expect(press({ key: '?', code: 'Minus', shiftKey: true })).toBe('shortcuts');
    expect(press({ key: '?', shiftKey: true }, true)).toBeUndefined();
    expect(press({ key: '?', ctrlKey: true, shiftKey: true })).toBeUndefined();
  });

  test('are written as this keyboard has them', () => {
    expect(keyNames('App+N', false)).toEqual(['Ctrl', 'Alt', 'N']);
    expect(keyNames('App+PageDown', true)).toEqual(['⌃', '⇧', 'Page Down']);
    expect(keysHint('palette', true)).toBe(' (⌘K)');
    expect(keysHint('go-notes')).toBe('');
    expect(ariaKeys('new-note', false)).toBe('Control+Alt+N');
    expect(ariaKeys('palette', true)).toBe('Meta+K');
    expect(ariaKeys('go-notes')).toBeUndefined();
  });
});
