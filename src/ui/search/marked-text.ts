import { html, type TemplateResult } from 'lit';
import type { MarkedText } from '#features/search/snippet.ts';

/** A text with what was searched for in `<mark>`: pieces of text, never markup. */
export function markedText(pieces: MarkedText): readonly (string | TemplateResult)[] {
  return pieces.map(({ text, marked }) => (marked ? html`<mark>${text}</mark>` : text));
}
