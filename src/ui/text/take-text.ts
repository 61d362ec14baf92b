import { mapOffset, textChanges } from './text-changes.ts';

/** Brings text from elsewhere into a field: caret and selection stay at the words where they were. */
export function takeText(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  if (field.value === text) return;
  const changes = textChanges(field.value, text);
  const start = mapOffset(field.selectionStart ?? 0, changes);
  const end = mapOffset(field.selectionEnd ?? 0, changes);
  field.value = text;
  // Setting a selection would scroll to a field that is not in use.
  if (field.matches(':focus')) field.setSelectionRange(start, end);
}
