import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { fullTime } from '#ui/text/time-text.ts';
import '#ui/documents/storage-advice.ts';
import './other-accounts.ts';
import './usage-card.ts';

type Durability = App['durability']['value'];

const words: { readonly [D in Durability]: { readonly title: string; readonly text: string } } = {
  persistent: {
    title: 'Kept until you delete it',
    text: 'The browser has promised not to clear this storage by itself.',
  },
  'best-effort': {
    title: 'Kept while there is room',
    text: 'When the device runs short of space, the browser may clear this storage. Synced work comes back from the server; installing Holdfast as an app, or the button below, asks the browser to keep it.',
  },
  memory: {
    title: 'Not kept',
    text: 'This browser lets Holdfast keep nothing: private browsing, or storage is switched off. What you write is gone when this tab closes, unless it has been synced. Copy what you need.',
  },
};

/** Where the work is kept and how safely. */
@customElement('storage-section')
export class StorageSection extends AppPart {
  static override styles = sectionStyles;

  @state() private refused = false;
  private readonly durability = observe(this, () => this.app?.durability);
  private readonly savedAt = observe(this, () => this.app?.lastSavedAt);
  private readonly syncedAt = observe(this, () => this.app?.lastSyncedAt);

  override render(): TemplateResult {
    const durability = this.durability.value ?? 'best-effort';
    const { title, text } = words[durability];
    const savedAt = this.savedAt.value ?? null;
    const syncedAt = this.syncedAt.value ?? null;
    return html`
      <h2>Storage</h2>
      <storage-advice></storage-advice>
      <section class="card" aria-labelledby="durability">
        <h3 id="durability">${title}</h3>
        <p class=${durability === 'memory' ? 'note' : ''}>${text}</p>
        ${durability === 'best-effort' ? html`<button class="primary" @click=${this.keep}>Ask the browser to keep it</button>` : nothing}
        ${this.refused ? html`<p class="hint" role="alert">The browser did not agree yet. It usually does once Holdfast is installed or used for a while.</p>` : nothing}
      </section>
      <section class="card" aria-labelledby="numbers">
        <h3 id="numbers">On this device</h3>
        <p>Last saved: ${savedAt === null ? 'nothing yet' : fullTime(savedAt)}</p>
        <p>Last synced: ${syncedAt === null ? 'not yet' : fullTime(syncedAt)}</p>
      </section>
      <usage-card></usage-card>
      <other-accounts></other-accounts>
      <section class="card" aria-labelledby="rescue">
        <h3 id="rescue">When nothing else works</h3>
        <p>The rescue page needs none of the app's code. It shows what this browser holds and downloads it as a file.</p>
        <a class="button" href="/rescue.html" target="_blank" rel="noopener">Open the rescue page</a>
      </section>
    `;
  }

  private readonly keep = async (): Promise<void> => {
    this.refused = !(await this.app.keepStorage());
  };
}
