import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import type { StoreError } from '#core/errors.ts';
import { themes } from '#entities/settings.ts';
import { liveEntities } from '#ui/controllers/live-entities.ts';
import { errorText } from '#ui/error-text.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { applyTheme, parseTheme, type Theme } from '#ui/theme.ts';
import { sectionStyles } from './section-styles.ts';

const names: { readonly [T in Theme]: { readonly label: string; readonly hint: string } } = {
  system: { label: 'System', hint: 'Light or dark, as the device is set' },
  light: { label: 'Light', hint: 'Paper and ink' },
  dark: { label: 'Dark', hint: 'Easy on the eyes at night' },
  matrix: { label: 'Matrix', hint: 'Green letters on a black screen' },
  tron: { label: 'Tron', hint: 'Neon lines in the dark' },
};

/** How Holdfast looks, on all devices of the account. */
@customElement('appearance-section')
export class AppearanceSection extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    sectionStyles,
    css`
      .themes {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr));
        gap: var(--space-2);
        inline-size: 100%;
        padding-block-start: var(--space-2);
      }

      fieldset {
        inline-size: 100%;
      }

      .theme {
        position: relative;
        padding: var(--space-3);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
      }

      .theme:has(:checked) {
        border-color: var(--accent-ink);
        background: var(--surface-selected);
      }

      .theme:has(:focus-visible) {
        outline: var(--focus);
        outline-offset: 2px;
      }

      /* The whole card is the target; the hint stays outside the name. */
      label.choice::after {
        content: "";
        position: absolute;
        inset: 0;
        cursor: pointer;
      }

      .theme input {
        position: relative;
        z-index: 1;
      }

      .theme .hint {
        padding-inline-start: 1.4rem;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @state() private failure: StoreError | undefined;
  private readonly settings = liveEntities(this, () => this.app && { app: this.app, keys: [['settings', this.app.settingsId]] });

  override render(): TemplateResult {
    const stored = this.settings.get('settings', this.app.settingsId);
    const chosen = parseTheme(stored?.fields['theme']);
    return html`
      <h2>Appearance</h2>
      <section class="card">
        <fieldset>
          <legend>Theme</legend>
          <div class="themes">
            ${themes.map(
              (theme) => html`<div class="theme">
                <label class="choice">
                  <input type="radio" name="theme" value=${theme} .checked=${theme === chosen} aria-describedby="hint-${theme}"
                    @change=${() => this.choose(theme)} />
                  ${names[theme].label}
                </label>
                <p class="hint" id="hint-${theme}">${names[theme].hint}</p>
              </div>`,
            )}
          </div>
        </fieldset>
        ${this.failure ? html`<p class="problem" role="alert">Not saved: ${errorText(this.failure).title}. ${errorText(this.failure).advice}</p>` : nothing}
      </section>
    `;
  }

  private async choose(theme: Theme): Promise<void> {
    applyTheme(theme);
    const result = await this.app.patch('settings', this.app.settingsId, { theme });
    this.failure = result.ok ? undefined : result.error;
  }
}
