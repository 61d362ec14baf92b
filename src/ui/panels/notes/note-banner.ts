import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App, EntityView } from '#app/app.ts';
import { icon } from '#ui/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { restoreFromBin } from './note-bin.ts';

/** Says why an open note is not like the others. */
@customElement('note-banner')
export class NoteBanner extends LitElement {
  static override styles = [baseStyles, controlStyles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) view: EntityView | null = null;

  override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (view?.readOnly) {
      return html`<div class="banner">
        ${icon('info')}
        <p>This note was written by a newer Holdfast. You can read it here; update to edit it.</p>
        <button @click=${() => location.reload()}>Reload to update</button>
      </div>`;
    }
    if (view?.place === 'binned') {
      return html`<div class="banner">
        ${icon('trash-2')}
        <p>This note is in the bin.</p>
        <button @click=${() => restoreFromBin(this.app, view.id)}>Restore</button>
      </div>`;
    }
    return nothing;
  }
}
