import { noChange } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';
import { type ElementPart, type PartInfo, PartType } from 'lit/directive.js';
import { createMarkdownView, type MarkdownView, type OnTask, type OnTitleLinks } from './markdown-view.ts';

/**
 * Fills an element with rendered Markdown: `<article ${markdown(text)}></article>`. The element's children belong to the
 * directive. The first `onTask` and `onTitleLinks` that are given stay.
 */
class MarkdownDirective extends AsyncDirective {
  private view: MarkdownView | undefined;

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('markdown belongs on an element, not in an attribute');
  }

  override update(part: ElementPart, [text, onTask, onTitleLinks]: [string, OnTask?, OnTitleLinks?]): typeof noChange {
    this.view ??= createMarkdownView(part.element as HTMLElement, onTask, onTitleLinks);
    this.view.show(text);
    return noChange;
  }

  override render(_text: string, _onTask?: OnTask, _onTitleLinks?: OnTitleLinks): typeof noChange {
    return noChange;
  }

  protected override disconnected(): void {
    this.view?.stop();
  }
}

export const markdown = directive(MarkdownDirective);
