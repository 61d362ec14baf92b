/** What keys are called. `Mod` is Ctrl, on a Mac Command; `App` is Ctrl+Alt, on a Mac Control+Shift. */

export const isMac: boolean = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

/** Keys as they are written on this keyboard, one name per key: `['Ctrl', 'Alt', 'N']`, on a Mac `['⌃', '⇧', 'N']`. */
export function keyNames(keys: string, mac = isMac): readonly string[] {
  return keys.split('+').flatMap((key) => {
    if (key === 'Mod') return mac ? ['⌘'] : ['Ctrl'];
    if (key === 'Shift') return mac ? ['⇧'] : ['Shift'];
    if (key === 'App') return mac ? ['⌃', '⇧'] : ['Ctrl', 'Alt'];
    return NAMES[key] ?? key;
  });
}

const NAMES: { readonly [key: string]: string } = { PageDown: 'Page Down', PageUp: 'Page Up' };
