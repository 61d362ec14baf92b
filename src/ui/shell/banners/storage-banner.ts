import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { ledger } from '#entities/index.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { banner, bannerStyles } from '#ui/parts/banner.ts';
import { downloadText } from '#ui/parts/download.ts';
import { unsavedAsMarkdown } from '#ui/shell/unsaved-file.ts';
import { errorText } from '#ui/text/error-text.ts';
import { count } from '#ui/text/time-text.ts';

type Notice = NonNullable<App['storageNotice']['value']>;
type Recovered = Extract<Notice, { readonly type: 'recovered' }>;

/** The browser has deleted this app's storage: under this tab, or before it started. Says what happened and what is back. */
@customElement('storage-banner')
export class StorageBanner extends AppPart {
  static override styles = bannerStyles;

  @property({ attribute: false }) notice!: Notice;
  @state() private taken = false;

  override render(): TemplateResult {
    const { notice } = this;
    if (notice.type === 'recovered') {
      return banner(
        { icon: 'hard-drive', tone: 'calm', label: 'Storage', role: 'status' },
        recoveredText(notice),
        html`${notice.unsent === null ? html`<a class="button" href="/backups">Backups</a>` : nothing}
        <button class="quiet" @click=${notice.putAway}>Close</button>`,
      );
    }
    const { title, advice } = errorText({ type: 'StorageGone' });
    return banner(
      { icon: 'hard-drive', tone: 'bad', label: 'Storage', role: 'alert' },
      html`<strong>${title}.</strong> ${advice}${this.taken ? ' The file is in your downloads.' : nothing}`,
      html`<button @click=${() => this.take(notice.documents())}>Save as a file</button>
      <button class="primary" @click=${() => void this.app.reload()}>Reload</button>`,
    );
  }

  private take(documents: ReturnType<Extract<Notice, { readonly type: 'gone' }>['documents']>): void {
    const written = documents.filter(({ kind }) => ledger.get(kind)?.scope === 'synced');
    downloadText('holdfast-on-screen.md', unsavedAsMarkdown(written));
    this.taken = true;
  }
}

/** One sentence: what happened, what is back, and what cannot be. */
export function recoveredText({ from, unsent }: Pick<Recovered, 'from' | 'unsent'>): string {
  const lost = 'This browser had deleted Holdfast’s storage: your account is open again and its work comes from the server';
  if (unsent === null) return `${lost}, but what had not been sent from here is gone, unless a backup has it.`;
  if (from === 'cookie' || unsent === 0) return `${lost}; nothing was waiting to be sent.`;
  return `${lost}, and ${count(unsent, 'change')} that had not been sent ${unsent === 1 ? 'is' : 'are'} back from the second copy.`;
}
