import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { SaveState, SyncState } from '#app/app.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { observe } from '#ui/controllers/observer.ts';
import { FramePart } from '#ui/parts/frame-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { clockTime, fullTime } from '#ui/text/time-text.ts';
import { statusBarStyles } from './status-bar-styles.ts';
import { alarmText, type StatusText, saveText, syncText } from './status-text.ts';

/** The storage is looked at when the start is over. */
const LATER_MS = 3000;
/** And the backups when what was missed while the app was closed is caught up. */
const BACKUPS_LATER_MS = 3 * 60_000;

/**
 * What is saved and what is synced, in the words of `status-text.ts`. The states change with every keystroke, so this
 * element is not read out by itself; a second region speaks up when something needs the person, and when it is over.
 */
@customElement('status-bar')
export class StatusBar extends FramePart {
  static override styles = [baseStyles, statusBarStyles];

  @state() private retrying = false;
  @state() private deciding = false;
  private readonly save = observe(this, () => this.app?.saveState);
  private readonly sync = observe(this, () => this.app?.syncState);
  private readonly savedAt = observe(this, () => this.app?.lastSavedAt);
  private readonly syncedAt = observe(this, () => this.app?.lastSyncedAt);
  private readonly account = observe(this, () => this.app?.account.current);
  private readonly minute = minuteClock(this);
  private alarm = '';

  override firstUpdated(): void {
    setTimeout(() => void import('./storage-warning.ts').catch(() => {}), LATER_MS);
    setTimeout(() => void import('./backup-warning.ts').catch(() => {}), BACKUPS_LATER_MS);
  }

  override willUpdate(_changed: PropertyValues<this>): void {
    const next = alarmText(this.saveState, this.syncState, this.minute.now);
    if (next !== '') this.alarm = next;
    else if (this.alarm !== '') this.alarm = 'Saving and syncing work again';
  }

  override render(): TemplateResult {
    if (!this.app) return html`<footer></footer>`;
    const { saveState, syncState } = this;
    const now = this.minute.now;
    const savedAt = this.savedAt.value ?? null;
    const syncedAt = this.syncedAt.value ?? null;
    const save = saveText(saveState, savedAt);
    const sync = syncText(syncState, now);
    return html`<footer>
      <div role="status" aria-live="off" data-save-state=${saveState.type} data-sync-state=${syncState.type}>
        ${this.half(save, savedAt !== null && saveState.type !== 'error' ? this.time('Last saved', savedAt, now) : nothing)}
        ${this.half(sync, syncedAt === null ? nothing : this.time('Last synced', syncedAt, now))}
      </div>
      <storage-warning></storage-warning>
      <backup-warning></backup-warning>
      ${this.wayBack(savedAt)}
      <p class="visually-hidden" aria-live="polite">${this.alarm}</p>
      ${
        this.deciding
          ? html`<held-deletions @close=${() => {
              this.deciding = false;
            }}></held-deletions>`
          : nothing
      }
    </footer>`;
  }

  private half(text: StatusText, time: TemplateResult | typeof nothing): TemplateResult | typeof nothing {
    const { word, detail, reason, tone, icon: name, href } = text;
    if (word === '') return nothing;
    return html`<span class="part ${tone}">
      ${name ? icon(name) : nothing}
      ${href ? html`<a class="word" href=${href}>${word}</a>` : html`<span class="word">${word}</span>`}
      ${reason ? html`<span class="reason">${reason}</span>` : nothing}
      ${detail ? html`<span class="detail">${detail}</span>` : nothing}
      ${this.action(text)} ${time}
    </span>`;
  }

  private get saveState(): SaveState {
    return this.save.value ?? { type: 'clean' };
  }

  private get syncState(): SyncState {
    return this.sync.value ?? { type: 'unasked' };
  }

  private time(label: string, at: number, now: number): TemplateResult {
    return html`<time datetime=${new Date(at).toISOString()} title="${label} ${fullTime(at)}">
      <span class="visually-hidden">${label}</span>${clockTime(at, now)}
    </time>`;
  }

  private action(text: StatusText): TemplateResult | typeof nothing {
    const retry = html`<button ?disabled=${this.retrying} @click=${this.retry}>Try again</button>`;
    if (text.action === 'retry' || text.action === 'quarantine') return retry;
    if (text.action === 'reload') return html`<button @click=${() => this.app?.reload()}>Reload</button>`;
    if (text.action === 'storage') return html`${retry}<a class="button" href="/settings/storage">Storage</a>`;
    if (text.action === 'decide-deletions') return html`<button @click=${this.decide}>Look at them</button>`;
    if (text.action === 'sign-in') return html`<a class="button" href="/settings/account">Sign in</a>`;
    if (text.action === 'rescue') return html`${retry}<a class="button" href="/rescue.html" target="_blank">Rescue page</a>`;
    return nothing;
  }

  /** Until a way back exists, and only once there is something to lose. */
  private wayBack(savedAt: number | null): TemplateResult | typeof nothing {
    const account = this.account.value;
    if (!account || account.recoverable || savedAt === null) return nothing;
    return html`<a class="way-back" href="/settings/account">
      ${icon('key-round')}<span>Only this browser can open your work</span>
    </a>`;
  }

  private readonly decide = async (): Promise<void> => {
    await import('./held-deletions.ts');
    this.deciding = true;
  };

  private readonly retry = async (): Promise<void> => {
    this.retrying = true;
    try {
      await this.app?.retry();
    } finally {
      this.retrying = false;
    }
  };
}
