import { noChange } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';
import { type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

const isNative = (): boolean => CSS.supports('field-sizing', 'content');

/** The text areas that grow. */
const fields = new WeakSet<HTMLTextAreaElement>();

/**
 * Gives a text area that grows by itself (`field-sizing: content`) the height of its text where the browser cannot do that, as
 * Firefox. To be called where a text is put into it without an event.
 */
export function fitHeight(field: HTMLTextAreaElement): void {
  if (!fields.has(field) || isNative()) return;
  field.style.blockSize = 'auto';
  const { offsetHeight, clientHeight, scrollHeight } = field;
  field.style.blockSize = `${scrollHeight + offsetHeight - clientHeight}px`;
}

class Growing extends AsyncDirective {
  private readonly field: HTMLTextAreaElement;
  private readonly fit = (): void => fitHeight(this.field);
  /** Another width breaks the lines elsewhere. */
  private readonly width = isNative() ? undefined : new ResizeObserver(this.fit);

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('growing belongs on an element, not in an attribute');
    this.field = (part as ElementPart).element as HTMLTextAreaElement;
    fields.add(this.field);
    this.field.addEventListener('input', this.fit);
    this.width?.observe(this.field);
  }

  override update(): typeof noChange {
    // The text is there when the rest of the element has been rendered.
    if (this.width) requestAnimationFrame(this.fit);
    return noChange;
  }

  override render(): typeof noChange {
    return noChange;
  }

  protected override disconnected(): void {
    this.width?.disconnect();
  }

  protected override reconnected(): void {
    this.width?.observe(this.field);
  }
}

/** `<textarea ${growing()}>`: as high as its text, within the bounds of its style sheet, in every browser. */
export const growing = directive(Growing);
