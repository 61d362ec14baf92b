import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { aboveFoot } from '#ui/controllers/above-foot.ts';
import { takePicked } from '#ui/parts/file-news.ts';
import { fitHeight, growing } from '#ui/parts/growing.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { isComposing } from '#ui/text/composing.ts';
import { takeText } from '#ui/text/take-text.ts';
import { messageComposerStyles } from './message-composer-styles.ts';
import './prompt-file.ts';
import type { TrayItem } from './prompt-tray.ts';

/**
 * Where a prompt is written. Fires `draft` with each letter, `files` with those that were picked, pasted or dropped, `remove-file` with the
 * key of one, `send` with the text, and `stop`. With Enter while an answer runs the text waits in the field: who shows the answer says at
 * its end whether that is sent.
 */
@customElement('message-composer')
export class MessageComposer extends LitElement {
  static override styles = [baseStyles, controlStyles, messageComposerStyles];

  /** An answer runs: Stop takes the place of Send. */
  @property({ type: Boolean }) running = false;
  @property({ type: Boolean }) readonly = false;
  /** The files that go along. */
  @property({ attribute: false }) items: readonly TrayItem[] = [];
  @state() private over = false;
  @state() private isEmpty = true;
  /** Enter was pressed while an answer runs: the text goes out when that has ended. */
  @state() private isWaiting = false;
  @query('textarea') private field!: HTMLTextAreaElement;
  @query('input.any') private files!: HTMLInputElement;
  @query('input.camera') private camera!: HTMLInputElement;

  constructor() {
    super();
    aboveFoot(this);
  }

  /** Puts a chat's draft, or a message that could not be sent, into the field. */
  async show(text: string): Promise<void> {
    await this.updateComplete;
    this.field.value = text;
    this.onShown();
  }

  /** Takes over what was written in another tab: the caret stays at its words. */
  take(text: string): void {
    if (text === this.text) return;
    takeText(this.field, text);
    this.onShown();
  }

  private onShown(): void {
    fitHeight(this.field);
    this.isEmpty = this.text.trim() === '';
    this.holdBack();
  }

  /** Sends what waits for the end of an answer, once its files are added: the answer is there. */
  sendWaiting(): void {
    if (!this.isWaiting || this.isAdding) return;
    this.isWaiting = false;
    this.send();
  }

  /** What waits for the end of an answer stays in the field. */
  readonly holdBack = (): void => {
    this.isWaiting = false;
  };

  get text(): string {
    return this.field?.value ?? '';
  }

  /** Files of it are on their way to this device. */
  private get isAdding(): boolean {
    return this.items.some(({ type }) => type === 'adding');
  }

  override focus(): void {
    void this.updateComplete.then(() => this.field.focus());
  }

  override render(): TemplateResult {
    const { isAdding } = this;
    const canSend = !this.readonly && !isAdding && (!this.isEmpty || this.items.length > 0);
    return html`<form class=${this.over ? 'over' : ''} @submit=${this.onSubmit}
      @dragover=${this.onDragOver} @dragleave=${this.onDragLeave} @drop=${this.onDrop}>
      ${this.items.length > 0 ? this.tray() : nothing}
      <slot name="notice"></slot>
      <div class="box">
        <span class="add">
          <button type="button" class="quiet square" aria-label="Add pictures or files" title="Add pictures or files" ?disabled=${this.readonly}
            @click=${() => this.files.click()}>${icon('paperclip')}</button>
          <button type="button" class="quiet square camera" aria-label="Take a picture" title="Take a picture" ?disabled=${this.readonly}
            @click=${() => this.camera.click()}>${icon('camera')}</button>
        </span>
        <textarea ${growing()} data-heir dir="auto" rows="1" aria-label="Message" placeholder="Ask anything" ?readonly=${this.readonly}
          @input=${this.onInput} @keydown=${this.onKey} @paste=${this.onPaste}></textarea>
        ${
          this.running
            ? html`<button type="button" class="stop" aria-label="Stop" title="Stop the answer" @click=${() => this.dispatchEvent(new CustomEvent('stop'))}>${icon('square')}<span>Stop</span></button>`
            : html`<button class="primary" aria-label="Send" title=${isAdding ? 'Wait until the files are added' : 'Send (Enter)'} ?disabled=${!canSend}>${icon('arrow-up')}<span>Send</span></button>`
        }
      </div>
      <p class="waits" role="status">${this.isWaiting ? html`Sent when the ${this.running ? 'answer has ended' : 'files are added'}. <button type="button" class="quiet" @click=${this.onNotYet}>Not yet</button>` : nothing}</p>
      <input class="any" type="file" multiple tabindex="-1" aria-hidden="true" @change=${this.onFiles} />
      <input class="camera" type="file" accept="image/*" capture="environment" tabindex="-1" aria-hidden="true" @change=${this.onFiles} />
      <p class="hint">Enter sends, Shift+Enter starts a new line. Models make mistakes: check what matters.</p>
    </form>`;
  }

  private tray(): TemplateResult {
    return html`<ul aria-label="Files to send">
      ${repeat(
        this.items,
        ({ key }) => key,
        (item) => html`<li><prompt-file .item=${item}
          @remove=${() => this.dispatchEvent(new CustomEvent<number>('remove-file', { detail: item.key }))}></prompt-file></li>`,
      )}
    </ul>`;
  }

  private readonly onInput = (): void => {
    this.isEmpty = this.text.trim() === '';
    // Who writes on is not done.
    this.holdBack();
    this.dispatchEvent(new CustomEvent<string>('draft', { detail: this.text }));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    // A key that ends an input method's composition is not a command.
    if (isComposing(event)) return;
    if (event.key === 'Escape') this.holdBack();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    this.send();
  };

  private readonly onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    this.send();
  };

  private readonly onNotYet = (): void => {
    this.holdBack();
    this.focus();
  };

  private send(): void {
    const text = this.text.trim();
    if (this.readonly || this.isAdding || (text === '' && this.items.length === 0)) return;
    if (this.running) {
      this.isWaiting = true;
      return;
    }
    this.field.value = '';
    fitHeight(this.field);
    this.isEmpty = true;
    this.dispatchEvent(new CustomEvent<string>('send', { detail: text }));
  }

  /** A table from an office program comes as text and as a picture of it: the text is taken. */
  private readonly onPaste = (event: ClipboardEvent): void => {
    const types = event.clipboardData?.types ?? [];
    if (!types.includes('text/plain') || !types.includes('text/html')) this.addFrom(event, event.clipboardData);
  };

  private readonly onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.over = true;
  };

  private readonly onDragLeave = (): void => {
    this.over = false;
  };

  private readonly onDrop = (event: DragEvent): void => {
    this.over = false;
    this.addFrom(event, event.dataTransfer);
  };

  private readonly onFiles = (event: Event): void => this.add(takePicked(event));

  /** Files that were dropped or pasted; anything else is left to the browser. */
  private addFrom(event: Event, data: DataTransfer | null): void {
    const files = [...(data?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.add(files);
  }

  private add(files: readonly File[]): void {
    if (files.length > 0 && !this.readonly) this.dispatchEvent(new CustomEvent<readonly File[]>('files', { detail: files }));
  }
}
