import { noChange } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';
import { type ElementPart, type PartInfo, PartType } from 'lit/directive.js';
import { renderMarkdown } from './render-markdown.ts';

/** After a render that took 100 ms the next one waits 200 ms, so that two thirds of the time stay free for typing. */
const REST_FACTOR = 2;

/**
 * Fills an element with rendered Markdown: `<article ${markdown(text)}></article>`. The first text is shown at once; one
 * that changes quickly is drawn as often as the machine can. The element's children belong to the directive.
 */
class MarkdownDirective extends AsyncDirective {
  private shown: string | undefined;
  private latest = '';
  private restUntilMs = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('markdown stands on an element, not in an attribute');
  }

  override update(part: ElementPart, [text]: [string]): typeof noChange {
    this.latest = text;
    const waitMs = this.restUntilMs - performance.now();
    if (waitMs <= 0) this.draw(part.element);
    else this.timer ??= setTimeout(() => this.draw(part.element), waitMs);
    return noChange;
  }

  override render(_text: string): typeof noChange {
    return noChange;
  }

  protected override disconnected(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  protected override reconnected(): void {
    // The template that holds us renders again when its element returns.
    this.restUntilMs = 0;
  }

  private draw(element: Element): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.latest === this.shown) return;
    const startMs = performance.now();
    element.replaceChildren(renderMarkdown(this.latest));
    this.shown = this.latest;
    const endMs = performance.now();
    this.restUntilMs = endMs + REST_FACTOR * (endMs - startMs);
  }
}

export const markdown = directive(MarkdownDirective);
