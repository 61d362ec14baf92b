/**
 * Whether a key or an input belongs to an input method, which composes a word of it: no command of ours. Safari sends the Enter that
 * ends a composition after it has ended, and says so only by the key code.
 */
export const isComposing = (event: KeyboardEvent | InputEvent): boolean =>
  event.isComposing || ('keyCode' in event && event.keyCode === 229);
