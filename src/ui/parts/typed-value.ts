import { type ElementPart, noChange } from 'lit';
import { Directive, directive } from 'lit/directive.js';

class TypedValue extends Directive {
  private shown = '';

  override render(_value: string): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [value]: [string]): typeof noChange {
    const field = part.element as HTMLInputElement;
    if (field.value !== value) {
      if (field.matches(':focus') && field.value !== this.shown) return noChange;
      field.value = value;
    }
    this.shown = value;
    return noChange;
  }
}

/**
 * Shows `value` in a text field whose changes are taken over at its `change` event: `<input ${typedValue(value)} @change=…>`.
 * A field that has the focus and holds what nobody has taken over yet is left alone: what comes from elsewhere meanwhile
 * would replace what is being typed.
 */
export const typedValue = directive(TypedValue);
