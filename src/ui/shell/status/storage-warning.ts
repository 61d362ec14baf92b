import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { observe } from '#ui/controllers/observer.ts';
import { storageGauge } from '#ui/controllers/storage-gauge.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { JOURNAL_WORD } from '#ui/text/journal-text.ts';
import { storageText } from '#ui/text/storage-level.ts';
import { warningStyles } from './warning-styles.ts';

/** A word in the status bar when the storage gets full, or the journal does not open; what to do is behind the link. */
@customElement('storage-warning')
export class StorageWarning extends AppPart {
  static override styles = [baseStyles, warningStyles];

  private readonly gauge = storageGauge(this, () => this.app);
  private readonly journal = observe(this, () => this.app?.journal);

  override render(): TemplateResult {
    const { level, figures } = this.gauge;
    // A refused save has the status bar's own words, and its buttons.
    const isSaid = level === 'fine' || this.app.saveState.value.type === 'error';
    const title = isSaid ? '' : storageText(level, figures).title;
    // The region is there before the words are: only then they are read out.
    return html`<span role="alert">${
      title !== ''
        ? html`<a class=${level === 'filling' ? '' : 'bad'} href="/settings/storage">${icon('hard-drive')}${title}</a>`
        : this.journal.value?.type === 'closed'
          ? html`<a href="/status">${icon('circle-alert')}${JOURNAL_WORD}</a>`
          : nothing
    }</span>`;
  }
}
