import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { banner, bannerStyles } from '#ui/parts/banner.ts';
import { count, fullTime } from '#ui/text/time-text.ts';

/** A restore was ended in the middle, by a closed tab or a crash: says so, and leads to where it goes on or is taken back. */
@customElement('interrupted-banner')
export class InterruptedBanner extends AppPart {
  static override styles = bannerStyles;

  private readonly restore = observe(this, () => this.app?.backups.interrupted);
  /** The person has put it away: it comes back at the next start. */
  @state() private isAway = false;

  override render(): TemplateResult | typeof nothing {
    const { value } = this.restore;
    if (!value || this.isAway) return nothing;
    const { state, madeAt, changed } = value;
    return banner(
      { icon: 'rotate-ccw', tone: 'calm', label: 'Interrupted restore', role: 'status' },
      state === 'undoing'
        ? html`<strong>The undo of a restore was interrupted.</strong> It was from the backup of ${fullTime(madeAt)}. Go on with it under Backups.`
        : html`<strong>A restore was interrupted.</strong> ${count(changed, 'entry', 'entries')} changed so far, from the backup of ${fullTime(madeAt)}. Go on with it under Backups, or take it back.`,
      html`<a class="button primary" href="/backups">To the backups</a>
      <button class="quiet" @click=${() => {
        this.isAway = true;
      }}>Later</button>`,
    );
  }
}
