import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { BlobHash } from '#core/blobs.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { knownThumbnail, thumbnailUrl } from '#ui/parts/thumbnail-url.ts';

/** A list that is thrown draws none of the rows in between; a picture that is not here yet may come a little later. */
const LOOKS_MS = [80, 5000, 30_000];

/** The small picture of a document in a list. It says nothing that its row does not. */
@customElement('document-picture')
export class DocumentPicture extends AppPart {
  static override styles = css`
    :host {
      display: block;
      inline-size: 3.5rem;
      block-size: 3.5rem;
      overflow: hidden;
      border-radius: var(--radius-s);
      background: var(--surface-hover);
    }

    img {
      inline-size: 100%;
      block-size: 100%;
      object-fit: cover;
    }
  `;

  @property() hash = '';
  @state() private url: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('hash')) return;
    const { hash } = this;
    this.url = knownThumbnail(hash);
    clearTimeout(this.timer);
    if (this.url === null) this.lookLater(hash, 0);
  }

  override disconnectedCallback(): void {
    clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  private lookLater(hash: BlobHash, looks: number): void {
    const ms = LOOKS_MS[looks];
    if (ms !== undefined) this.timer = setTimeout(() => void this.look(hash, looks), ms);
  }

  private async look(hash: BlobHash, looks: number): Promise<void> {
    const url = this.app ? await thumbnailUrl(this.app.files, hash) : null;
    if (hash !== this.hash || !this.isConnected) return;
    this.url = url;
    if (url === null) this.lookLater(hash, looks + 1);
  }

  override render(): TemplateResult | typeof nothing {
    return this.url === null ? nothing : html`<img src=${this.url} alt="" decoding="async" draggable="false">`;
  }
}
