import { noChange } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';
import type { ElementPart, PartInfo } from 'lit/directive.js';
import type { EntitySession } from '#app/app.ts';
import { fitHeight } from '#ui/parts/growing.ts';
import { takeText } from '#ui/text/take-text.ts';

type TextField = HTMLInputElement | HTMLTextAreaElement;

class BoundText extends AsyncDirective {
  private readonly element: TextField;
  private session: EntitySession | undefined;
  private name = '';
  private stop: (() => void) | undefined;

  constructor(info: PartInfo) {
    super(info);
    this.element = (info as ElementPart).element as TextField;
    this.element.addEventListener('input', () => this.session?.set({ [this.name]: this.element.value }));
    this.element.addEventListener('blur', () => void this.session?.flush());
  }

  override render(_session: EntitySession, _field: string): unknown {
    return noChange;
  }

  override update(_part: ElementPart, [session, field]: [EntitySession, string]): unknown {
    if (session === this.session && field === this.name) return noChange;
    this.session = session;
    this.name = field;
    this.element.value = this.text;
    this.fit();
    this.follow();
    return noChange;
  }

  protected override disconnected(): void {
    this.stop?.();
  }

  protected override reconnected(): void {
    this.take();
    this.follow();
  }

  private get text(): string {
    return String(this.session?.fields[this.name] ?? '');
  }

  private take(): void {
    takeText(this.element, this.text);
    this.fit();
  }

  private fit(): void {
    if (this.element instanceof HTMLTextAreaElement) fitHeight(this.element);
  }

  private follow(): void {
    this.stop?.();
    this.stop = this.session?.onIncoming((fields) => {
      if (this.name in fields) this.take();
    });
  }
}

/**
 * `<textarea ${boundText(session, 'back')}>`: shows a text of the open document. What is typed goes to the session in the same
 * turn; what comes from elsewhere is taken over with the caret where it was.
 */
export const boundText = directive(BoundText);
