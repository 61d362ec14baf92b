import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { readReference } from '#core/blobs.ts';
import type { Attachment } from '#entities/message-content.ts';
import { isModelText, MAX_TEXT_BYTES } from '#features/chat/prompt-file.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { thumbnailUrl } from '#ui/parts/thumbnail-url.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { promptFileStyles } from './prompt-file-styles.ts';
import type { TrayItem } from './prompt-tray.ts';

/** Above it, it is shown how far a file is. */
const SHOWS_PROGRESS_BYTES = 1_000_000;

/** One file of a prompt that is being written: what it is, how far it is, and the way to take it out. Fires `remove`. */
@customElement('prompt-file')
export class PromptFilePart extends AppPart {
  static override styles = [baseStyles, controlStyles, promptFileStyles];

  @property({ attribute: false }) item!: TrayItem;
  /** Of a small picture. */
  @state() private address = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('item') && this.item.type === 'kept' && this.address === '') void this.showPicture(this.item.attachment);
  }

  override render(): TemplateResult {
    const { item } = this;
    const { name, size } = item.type === 'kept' ? item.attachment : item;
    const shown = name || (item.type === 'kept' && !item.attachment.isPicture ? 'File' : 'Picture');
    const isLong = item.type === 'kept' && isModelText(item.attachment.type) && size > MAX_TEXT_BYTES;
    return html`
      ${this.address === '' ? html`<span class="sign">${icon(isPicture(item) ? 'image' : 'file-text')}</span>` : html`<img src=${this.address} alt="" />`}
      <span class="words">
        <span class="name" dir="auto" title=${shown}>${shown}</span>
        <span class="size">${item.type === 'adding' ? html`Adding… ${byteText(size)}` : byteText(size)}</span>
        ${isLong ? html`<span class="cut">The model gets the first ${byteText(MAX_TEXT_BYTES)}.</span>` : nothing}
        ${
          item.type === 'adding' && size > SHOWS_PROGRESS_BYTES
            ? html`<progress aria-label="Adding ${shown}" .value=${item.share}></progress>`
            : nothing
        }
      </span>
      <button type="button" class="quiet square" aria-label="${item.type === 'adding' ? 'Cancel' : 'Remove'} ${shown}"
        title=${item.type === 'adding' ? 'Cancel' : 'Remove'} @click=${() => this.dispatchEvent(new CustomEvent('remove'))}>${icon('x')}</button>
    `;
  }

  private async showPicture({ address, isPicture }: Attachment): Promise<void> {
    if (!isPicture) return;
    if (address.startsWith('data:')) {
      this.address = address;
      return;
    }
    const reference = readReference(address);
    this.address = (reference && (await thumbnailUrl(this.app.files, reference.hash))) ?? '';
  }
}

const isPicture = (item: TrayItem): boolean => item.type === 'kept' && item.attachment.isPicture;
