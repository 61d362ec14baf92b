import { css, html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { sectionStyles } from '#ui/styles/section.ts';

/** Holdfast as an app of its own, in whichever way this browser has. */
@customElement('install-section')
export class InstallSection extends AppPart {
  static override styles = [
    sectionStyles,
    css`
      dt {
        font-weight: var(--weight-strong);
      }

      dd {
        margin-block-end: var(--space-2);
        color: var(--ink-2);
      }
    `,
  ];

  @state() private declined = false;
  private readonly install = observe(this, () => this.app?.install.state);

  override render(): TemplateResult {
    return html`
      <h2>Install</h2>
      <section class="card" aria-labelledby="install">${this.content()}</section>
    `;
  }

  private content(): TemplateResult {
    switch (this.install.value ?? 'unoffered') {
      case 'installed':
        return html`<h3 id="install">Installed</h3>
          <p>Holdfast is an app on this device: with its own window and icon, and without a network.</p>`;
      case 'ready':
        return html`<h3 id="install">Make it an app</h3>
          <p>Its own window and icon, and browsers keep the storage of an installed app more firmly. Nothing else changes: it works offline either way.</p>
          <button class="primary" @click=${this.ask}>${icon('monitor-down')}Install Holdfast</button>`;
      case 'unoffered':
        return html`<h3 id="install">${this.declined ? 'Not installed' : 'From the browser’s menu'}</h3>
          <p>This browser does not let a page offer it${this.declined ? ' again at once' : ''}. Where it can install apps, its menu has the entry:</p>
          <dl>
            <dt>Chrome and Edge</dt>
            <dd>The install icon in the address bar, or “Install Holdfast…” in the menu</dd>
            <dt>Safari on iPhone and iPad</dt>
            <dd>Share, then “Add to Home Screen”</dd>
            <dt>Safari on a Mac</dt>
            <dd>File, then “Add to Dock”</dd>
            <dt>Firefox on Android</dt>
            <dd>The menu, then “Add app to Home screen”</dd>
          </dl>
          <p class="hint">Firefox on a computer has no such entry. Holdfast works there as a page, offline too.</p>`;
    }
  }

  private readonly ask = async (): Promise<void> => {
    this.declined = !(await this.app.install.ask());
  };
}
