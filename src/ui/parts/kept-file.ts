import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { KeptFile } from '#app/files.ts';
import { readDataUrl } from '#core/data-url.ts';
import type { HoldfastError } from '#core/errors.ts';
import { cleanFileName } from '#entities/document-file.ts';
import { readableName } from '#features/pictures/file-name.ts';
import { observe } from '#ui/controllers/observer.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { fileAwayText } from '#ui/text/file-refusal-text.ts';
import { AppPart } from './app-part.ts';
import { cssProperties } from './css-properties.ts';
import { downloadBlob } from './download.ts';
import { icon } from './icon.ts';
import { keptFileStyles } from './kept-file-styles.ts';

type Shown =
  | { readonly type: 'waiting' | 'opening' }
  /** From the server: the share of it that is here, from 0 to 1, of so many bytes (0: not known yet). */
  | { readonly type: 'fetching'; readonly share: number; readonly size: number }
  /** The person has stopped that. */
  | { readonly type: 'stopped' }
  | { readonly type: 'open'; readonly file: KeptFile; readonly url: string }
  | { readonly type: 'failed'; readonly error: HoldfastError };

/** Of a larger file it is said how far it is, and it can be stopped. */
const CANCELABLE_BYTES = 1_000_000;

/** Kept as it is where the browser that it was added in does not decode it. */
const HEIC = 'image/heic';

/** Bytes are read when the place of the file comes near the part of the page that is seen. */
const NEAR_PX = 600;

const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting && target instanceof KeptFilePart) target.show();
  },
  { rootMargin: `${NEAR_PX}px` },
);

/**
 * A picture or a file beside a text: `<kept-file hash extension [picture]>words</kept-file>`. A picture is shown, and opens in full
 * size; audio is played; anything else is a chip to download. What is not on this device says so, and how to get it.
 */
@customElement('kept-file')
export class KeptFilePart extends AppPart {
  static override styles = [baseStyles, controlStyles, skeletonStyles, keptFileStyles];

  @property() hash = '';
  @property() extension = '';
  @property({ type: Boolean }) picture = false;
  /** A `data:` URL in place of a hash: what earlier versions kept inside a message. */
  @property({ attribute: false }) data = '';
  @state() private shown: Shown = { type: 'waiting' };
  /** In its dialog the picture is shown pixel by pixel, not fitted into the window. */
  @state() private isActualSize = false;
  /** Its bytes have turned out to be no picture that this browser shows. */
  @state() private isBroken = false;
  /** What became of the last copy: a message of the frame would be behind the dialog. */
  @state() private copied = '';
  /** What could not be had is asked for again after each sync. */
  private readonly synced = observe(this, () => this.app?.lastSyncedAt);
  private triedAt: number | null | undefined;
  private stopping: AbortController | null = null;
  @query('dialog') private dialog!: HTMLDialogElement | null;

  override connectedCallback(): void {
    super.connectedCallback();
    near.observe(this);
  }

  override disconnectedCallback(): void {
    near.unobserve(this);
    this.close();
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get('hash')) {
      this.isBroken = false;
      this.close();
      this.show();
    }
    if (this.shown.type === 'failed' && this.triedAt !== this.synced.value) void this.fetch();
  }

  /** It is about to be seen. */
  show(): void {
    near.unobserve(this);
    if (this.shown.type === 'waiting') void this.open();
  }

  private async open(): Promise<void> {
    const { hash } = this;
    const inside = readDataUrl(this.data);
    if (inside) {
      const bytes = new Blob([inside.bytes], { type: inside.type });
      return this.take({ bytes, type: inside.type, size: bytes.size, width: null, height: null });
    }
    this.become({ type: 'opening' });
    const opened = await this.app.files.open(hash, this.extension);
    if (hash !== this.hash || !this.isConnected) return;
    if (!opened.ok) this.become({ type: 'failed', error: opened.error });
    else if (opened.value) this.take(opened.value);
    // What this device was to show has not come yet.
    else void this.fetch();
  }

  private readonly fetch = async (): Promise<void> => {
    const { hash } = this;
    const stopping = new AbortController();
    this.stopping = stopping;
    this.triedAt = this.synced.value;
    this.become({ type: 'fetching', share: 0, size: 0 });
    const isShown = (): boolean => hash === this.hash && this.isConnected && this.stopping === stopping;
    const onProgress = (share: number, size: number): void => {
      if (isShown()) this.become({ type: 'fetching', share, size });
    };
    const fetched = await this.app.files.fetch(hash, this.extension, { onProgress, signal: stopping.signal });
    if (!isShown()) return;
    this.stopping = null;
    if (fetched.ok) this.take(fetched.value);
    else this.become({ type: 'failed', error: fetched.error });
  };

  /** The bytes end where they are; nobody is asked again before the person wants it. */
  private readonly stop = async (): Promise<void> => {
    this.stopping?.abort();
    this.stopping = null;
    this.become({ type: 'stopped' });
    await this.updateComplete;
    // Where the button was that was pressed.
    this.renderRoot.querySelector<HTMLElement>('button')?.focus();
  };

  private take(file: KeptFile): void {
    this.become({ type: 'open', file, url: URL.createObjectURL(file.bytes) });
  }

  private close(): void {
    this.stopping = null;
    this.become({ type: 'waiting' });
  }

  /** The one place that changes what is shown: an address that is shown no more is given back. */
  private become(next: Shown): void {
    if (this.shown.type === 'open') URL.revokeObjectURL(this.shown.url);
    this.shown = next;
  }

  private get words(): string {
    return readableName(this.textContent?.trim() ?? '');
  }

  private get fileName(): string {
    const name = cleanFileName(this.words) || (this.picture ? 'picture' : 'file');
    const ending = this.extension === '' ? '' : `.${this.extension}`;
    return name.toLowerCase().endsWith(ending) ? name : `${name}${ending}`;
  }

  private get name(): string {
    return this.words || (this.picture ? 'Picture' : 'File');
  }

  override render(): TemplateResult {
    switch (this.shown.type) {
      case 'waiting':
      case 'opening':
        return this.coming(0, 0);
      case 'fetching':
        return this.coming(this.shown.share, this.shown.size);
      case 'stopped':
        return this.absent('It was not fetched: you have stopped it.', 'Fetch it');
      case 'open':
        return this.present(this.shown.file, this.shown.url);
      case 'failed':
        return this.away(this.shown.error);
    }
  }

  private coming(share: number, size: number): TemplateResult {
    const bar = share > 0 ? html`<progress aria-label="Fetching ${this.name}" .value=${share}></progress>` : nothing;
    const bone = (inside: unknown) =>
      html`<span class="bone" role="img" aria-busy="true" aria-label=${this.name}>${inside}</span>`;
    const isLarge = size > CANCELABLE_BYTES;
    if (this.picture && !isLarge) return bone(bar);
    const chip = html`<span class="chip" role="group" aria-label=${this.name} aria-busy="true">
      ${icon(this.picture ? 'image' : 'file-text')}<span dir="auto">${this.name}</span>${bar}
      ${isLarge ? html`<span class="size">${byteText(share * size)} of ${byteText(size)}</span><button @click=${this.stop}>Cancel</button>` : nothing}
    </span>`;
    return this.picture ? html`${bone(nothing)}${chip}` : chip;
  }

  private away(error: HoldfastError): TemplateResult {
    const { why, advice } = fileAwayText(error);
    return this.absent(`${why}. ${advice}`, 'Try again');
  }

  private absent(words: string, action: string): TemplateResult {
    return html`<span class="absent" role="group" aria-label=${this.name}>
      ${icon(this.picture ? 'image' : 'file-text')}<strong dir="auto">${this.name}</strong>
      <span>${words}</span> <button @click=${this.fetch}>${action}</button>
    </span>`;
  }

  private present(file: KeptFile, url: string): TemplateResult {
    const { words } = this;
    if (this.picture && !this.isBroken && file.type.startsWith('image/')) {
      return html`<button class="picture" aria-label=${words === '' ? 'Open the picture' : `Open the picture: ${words}`}
          @click=${this.onOpen}>
          <img src=${url} alt=${words} width=${file.width ?? nothing} height=${file.height ?? nothing} decoding="async"
            ${cssProperties(inlineSize(file))} @error=${this.onBroken}>
        </button>
        <dialog aria-label=${words || 'Picture'} @click=${this.onDialogClick}>
          <div class="tools">
            <span class="name" dir="auto">${this.fileName}</span>
            <button aria-label="Copy" title="Copy" @click=${this.copy}>${icon('copy')}<span>Copy</span></button>
            <button aria-label="Download" title="Download" @click=${this.download}>${icon('download')}<span>Download</span></button>
            <button aria-label="Close" title="Close" @click=${() => this.dialog?.close()}>${icon('x')}<span>Close</span></button>
            <span class="copied" role="status">${this.copied}</span>
          </div>
          <button class="whole ${this.isActualSize ? 'actual' : ''}" aria-label=${this.isActualSize ? 'Fit into the window' : 'Show in actual size'}
            @click=${this.onWhole}><img src=${url} alt=${words}></button>
        </dialog>`;
    }
    return html`<span class="chip" role="group" aria-label=${this.fileName}>
      ${icon('file-text')}<span dir="auto">${this.fileName}</span><span class="size">${byteText(file.size)}</span>
      ${this.isBroken || file.type === HEIC ? html`<span class="size">It cannot be shown here.</span>` : nothing}
      ${file.type.startsWith('audio/') ? html`<audio controls preload="metadata" src=${url}></audio>` : nothing}
      <button @click=${this.download}>${icon('download')}Download</button>
    </span>`;
  }

  private readonly onOpen = (): void => {
    this.isActualSize = false;
    this.copied = '';
    this.dialog?.showModal();
  };

  /** Bytes that this browser cannot show are a file all the same. */
  private readonly onBroken = (): void => {
    this.isBroken = true;
  };

  private readonly onWhole = (): void => {
    this.isActualSize = !this.isActualSize;
  };

  private readonly onDialogClick = ({ target }: MouseEvent): void => {
    if (target === this.dialog) this.dialog?.close();
  };

  private readonly download = (): void => {
    if (this.shown.type === 'open') downloadBlob(this.fileName, this.shown.file.bytes);
  };

  private readonly copy = async (): Promise<void> => {
    if (this.shown.type !== 'open') return;
    this.copied = 'Copying…';
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': asPng(this.shown.file.bytes) })]);
      this.copied = 'Picture copied';
    } catch {
      this.copied = 'Not copied: the browser does not allow it. Download the picture instead.';
    }
  };
}

/** As wide as it is, or as its greatest height allows: with both sides limited on their own it would be drawn out of shape. */
function inlineSize({ width, height }: KeptFile): { readonly [property: string]: string } {
  if (!width || !height) return { 'inline-size': 'auto' };
  return { 'inline-size': `min(${width}px, var(--picture-block, 32rem) * ${width / height})` };
}

/** The one format that every clipboard takes. */
async function asPng(bytes: Blob): Promise<Blob> {
  if (bytes.type === 'image/png') return bytes;
  const bitmap = await createImageBitmap(bytes);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}
