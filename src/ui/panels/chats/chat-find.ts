import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { ChatMessage } from '#features/chat/chat-message.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { isComposing } from '#ui/text/composing.ts';

/** Finds words in the shown messages, not in the thoughts that are folded away. Fires `words` as they are typed, `found` with a message's id, `close` on Escape. */
@customElement('chat-find')
export class ChatFind extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      search {
        display: flex;
        align-items: center;
        gap: var(--space-1);
        padding: var(--space-1) var(--space-3);
        border-block-end: 1px solid var(--line);
        background: var(--surface-sunken);
      }

      input {
        flex: 1;
        min-inline-size: 0;
      }

      output {
        padding-inline: var(--space-2);
        color: var(--ink-2);
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) messages: readonly ChatMessage[] = [];
  @state() private text = '';
  @state() private at = 0;
  @query('input') private field!: HTMLInputElement;

  override firstUpdated(): void {
    this.field.focus();
  }

  override render(): TemplateResult {
    const hits = this.hits();
    const words = this.text.trim() === '' ? '' : hits.length === 0 ? 'Not found' : `${this.at + 1} of ${hits.length}`;
    return html`<search>
      <input type="search" dir="auto" aria-label="Find in this chat" placeholder="Find in this chat" .value=${this.text} @input=${this.onInput} @keydown=${this.onKey} />
      <output aria-live="polite">${words}</output>
      <button class="quiet square" aria-label="Previous hit" ?disabled=${hits.length === 0} @click=${() => this.go(-1)}>${icon('chevron-up')}</button>
      <button class="quiet square" aria-label="Next hit" ?disabled=${hits.length === 0} @click=${() => this.go(1)}>${icon('chevron-down')}</button>
      <button class="quiet square" aria-label="Close the search" @click=${this.close}>${icon('x')}</button>
    </search>`;
  }

  private hits(): readonly ChatMessage[] {
    const wanted = this.text.trim().toLowerCase();
    if (wanted === '') return [];
    return this.messages.filter(({ text }) => text.toLowerCase().includes(wanted));
  }

  private readonly onInput = (): void => {
    this.text = this.field.value;
    this.at = 0;
    this.dispatchEvent(new CustomEvent<string>('words', { detail: this.text }));
    this.tell();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') this.go(event.shiftKey ? -1 : 1);
    if (event.key === 'Escape') this.close();
  };

  private go(step: number): void {
    const { length } = this.hits();
    if (length === 0) return;
    this.at = (this.at + step + length) % length;
    this.tell();
  }

  private tell(): void {
    this.dispatchEvent(new CustomEvent<string>('found', { detail: this.hits()[this.at]?.id ?? '' }));
  }

  private readonly close = (): void => {
    this.dispatchEvent(new CustomEvent('close'));
  };
}
