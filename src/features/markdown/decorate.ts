import { addCopyButtons } from './copy-code.ts';
import { drawFormulas } from './draw-formulas.ts';
import { highlightCode } from './highlight-code.ts';

/** What a block is given before it is shown: formulas, colours in code, and a button that copies it. */
export function decorateBlock(block: HTMLElement): void {
  // Formulas in a block of code are taken out of it before it gets its button.
  drawFormulas(block);
  highlightCode(block);
  addCopyButtons(block);
}
