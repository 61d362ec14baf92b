import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

type Properties = { readonly [property: string]: string };

/**
 * Sets CSS properties of an element through the CSSOM: `<div ${cssProperties({ height: '20px' })}>`. Lit's own
 * `styleMap` writes a `style` attribute on the first render, which the content security policy refuses.
 */
class CssProperties extends Directive {
  private previous: Properties = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('cssProperties belongs on an element, not in an attribute');
  }

  override update(part: ElementPart, [properties]: [Properties]): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const property of Object.keys(this.previous)) if (!(property in properties)) style.removeProperty(property);
    for (const [property, value] of Object.entries(properties)) {
      if (this.previous[property] !== value) style.setProperty(property, value);
    }
    this.previous = properties;
    return noChange;
  }

  override render(_properties: Properties): typeof noChange {
    return noChange;
  }
}

export const cssProperties = directive(CssProperties);
