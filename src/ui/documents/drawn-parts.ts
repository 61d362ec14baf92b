import type { EntitySession } from '#app/app.ts';
import { knownDocumentKind } from '#entities/documents.ts';

/**
 * What the frame of an open document draws of it: all but the text, which changes with every key and is drawn by its own field.
 * Values in a fixed order, to be compared with those of the last drawing.
 */
export function drawnParts({ kind, fields, view }: EntitySession): readonly unknown[] {
  const { textField } = knownDocumentKind(kind).document;
  const values = Object.entries(fields).map(([field, value]) => (field === textField ? undefined : value));
  return [view.value?.lifecycle, (view.value?.localSeq ?? 0) > 0, view.value?.readOnly, ...values];
}

/** Whether two of them are the same. */
export const isSameDrawing = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);
