import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Attachment } from '#entities/message-content.ts';
import { MAX_ATTACHMENTS } from '#features/chat/attachment.ts';
import { fitHeight, growing } from '#ui/parts/growing.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { isComposing } from '#ui/text/composing.ts';
import { readImageFile } from './image-file.ts';
import { messageComposerStyles } from './message-composer-styles.ts';

export interface Message {
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

/** Where a prompt is written. Fires `draft` with each letter, `images` with each change of them, `send` with the message, `stop`, and `refuse` with a reason. */
@customElement('message-composer')
export class MessageComposer extends LitElement {
  static override styles = [baseStyles, controlStyles, messageComposerStyles];

  /** An answer runs: Stop takes the place of Send. */
  @property({ type: Boolean }) running = false;
  @property({ type: Boolean }) readonly = false;
  @state() private attachments: readonly Attachment[] = [];
  @state() private over = false;
  @state() private isEmpty = true;
  @query('textarea') private field!: HTMLTextAreaElement;
  @query('input') private files!: HTMLInputElement;

  /** Puts a chat's draft, or a message that could not be sent, into the field, and its images above it. */
  async show({ text, attachments }: Message): Promise<void> {
    await this.updateComplete;
    this.field.value = text;
    fitHeight(this.field);
    this.isEmpty = text.trim() === '';
    this.attachments = attachments;
  }

  get text(): string {
    return this.field?.value ?? '';
  }

  /** Puts kept images before those that were added meanwhile. */
  addKept(attachments: readonly Attachment[]): void {
    this.attachments = [...attachments, ...this.attachments].slice(0, MAX_ATTACHMENTS);
  }

  override focus(): void {
    void this.updateComplete.then(() => this.field.focus());
  }

  override render(): TemplateResult {
    const canSend = !this.readonly && (!this.isEmpty || this.attachments.length > 0);
    return html`<form class=${this.over ? 'over' : ''} @submit=${this.onSubmit}
      @dragover=${this.onDragOver} @dragleave=${this.onDragLeave} @drop=${this.onDrop}>
      ${this.attachments.length > 0 ? html`<ul aria-label="Images to send">${this.attachments.map((image, at) => this.thumbnail(image, at))}</ul>` : nothing}
      <div class="box">
        <button type="button" class="quiet square" aria-label="Add images" title="Add images" ?disabled=${this.readonly} @click=${() => this.files.click()}>
          ${icon('image')}
        </button>
        <textarea ${growing()} data-heir dir="auto" rows="1" aria-label="Message" placeholder="Ask anything" ?readonly=${this.readonly}
          @input=${this.onInput} @keydown=${this.onKey} @paste=${this.onPaste}></textarea>
        ${
          this.running
            ? html`<button type="button" class="stop" aria-label="Stop" title="Stop the answer" @click=${() => this.dispatchEvent(new CustomEvent('stop'))}>${icon('square')}<span>Stop</span></button>`
            : html`<button class="primary" aria-label="Send" title="Send (Enter)" ?disabled=${!canSend}>${icon('arrow-up')}<span>Send</span></button>`
        }
      </div>
      <input type="file" accept="image/*" multiple tabindex="-1" aria-hidden="true" @change=${this.onFiles} />
      <p class="hint">Enter sends, Shift+Enter starts a new line. Models make mistakes: check what matters.</p>
    </form>`;
  }

  private thumbnail({ name, data }: Attachment, at: number): TemplateResult {
    return html`<li>
      <img src=${data} alt=${name} />
      <button type="button" class="square" aria-label="Remove ${name}" title="Remove"
        @click=${() => {
          this.attach(this.attachments.toSpliced(at, 1));
        }}>${icon('x')}</button>
    </li>`;
  }

  private readonly onInput = (): void => {
    this.isEmpty = this.text.trim() === '';
    this.dispatchEvent(new CustomEvent<string>('draft', { detail: this.text }));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    // A key that ends an input method's composition is not a command.
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    this.send();
  };

  private readonly onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    this.send();
  };

  private send(): void {
    const text = this.text.trim();
    const { attachments } = this;
    if (this.running || this.readonly || (text === '' && attachments.length === 0)) return;
    this.field.value = '';
    fitHeight(this.field);
    this.isEmpty = true;
    this.attachments = [];
    this.dispatchEvent(new CustomEvent<Message>('send', { detail: { text, attachments } }));
  }

  private readonly onPaste = (event: ClipboardEvent): void => this.addFrom(event, event.clipboardData);

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

  private readonly onFiles = (): void => {
    void this.add([...(this.files.files ?? [])]);
    this.files.value = '';
  };

  /** Files that were dropped or pasted; anything else is left to the browser. */
  private addFrom(event: Event, data: DataTransfer | null): void {
    const files = [...(data?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void this.add(files);
  }

  private async add(files: readonly File[]): Promise<void> {
    for (const file of files) {
      if (this.attachments.length >= MAX_ATTACHMENTS) return this.refuse(`A message takes ${MAX_ATTACHMENTS} images at most`);
      const read = await readImageFile(file);
      if (read.ok) this.attach([...this.attachments, read.value]);
      else this.refuse(`Not added: ${read.error.reason}`);
    }
  }

  private attach(attachments: readonly Attachment[]): void {
    this.attachments = attachments;
    this.dispatchEvent(new CustomEvent<readonly Attachment[]>('images', { detail: attachments }));
  }

  private refuse(reason: string): void {
    this.dispatchEvent(new CustomEvent<string>('refuse', { detail: reason }));
  }
}
