import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import type { BlobHash } from '#core/blobs.ts';
import { AppPart } from '#ui/parts/app-part.ts';

/** Small pictures that are drawn again at once when their row comes back. */
const MOST_KEPT = 200;
/** A list that is thrown draws none of the rows in between; a picture that is not here yet may come a little later. */
const LOOKS_MS = [80, 5000, 30_000];

const kept = new Map<BlobHash, string>();

function keep(hash: BlobHash, url: string): void {
  kept.set(hash, url);
  const [oldest] = kept;
  if (kept.size <= MOST_KEPT || !oldest) return;
  kept.delete(oldest[0]);
  URL.revokeObjectURL(oldest[1]);
}

/** The address of the small picture; null where there is none on this device. */
async function thumbnailUrl(app: App, hash: BlobHash): Promise<string | null> {
  const picture = await app.files.thumbnail(hash).catch(() => null);
  if (!picture) return null;
  const known = kept.get(hash);
  if (known !== undefined) return known;
  const url = URL.createObjectURL(picture);
  keep(hash, url);
  return url;
}

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
    this.url = kept.get(hash) ?? null;
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
    const url = this.app ? await thumbnailUrl(this.app, hash) : null;
    if (hash !== this.hash || !this.isConnected) return;
    this.url = url;
    if (url === null) this.lookLater(hash, looks + 1);
  }

  override render(): TemplateResult | typeof nothing {
    return this.url === null ? nothing : html`<img src=${this.url} alt="" decoding="async" draggable="false">`;
  }
}
