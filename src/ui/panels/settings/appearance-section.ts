import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { SettingValues } from '#entities/effective-settings.ts';
import { type Choice, choiceField } from './choice-field.ts';
import { notSaved, onlyHere } from './only-here.ts';
import { SettingSection } from './setting-section.ts';

const themes: readonly Choice<SettingValues['theme']>[] = [
  { value: 'system', label: 'System', hint: 'Light or dark, as the device is set' },
  { value: 'light', label: 'Light', hint: 'Paper and ink' },
  { value: 'dark', label: 'Dark', hint: 'Easy on the eyes at night' },
  { value: 'matrix', label: 'Matrix', hint: 'Green letters on a black screen' },
  { value: 'tron', label: 'Tron', hint: 'Neon lines in the dark' },
];

/** How Holdfast looks, on all devices of the account or on this one. */
@customElement('appearance-section')
export class AppearanceSection extends SettingSection {
  override render(): TemplateResult {
    const { settings } = this;
    const effects = settings.read('effects');
    return html`
      <h2>Appearance</h2>
      <section class="card cards">${choiceField(settings, 'theme', 'Theme', themes)}</section>
      <section class="card" aria-labelledby="effects">
        <h3 id="effects">Effects of Matrix and Tron</h3>
        <div class="setting">
          <label class="choice">
            <input type="checkbox" role="switch" aria-describedby="effects-hint" .checked=${effects.value} ?disabled=${!settings.loaded}
              @change=${(event: Event) => void settings.write('effects', (event.target as HTMLInputElement).checked)} />
            Glow and moving light
          </label>
          <p class="hint" id="effects-hint">They rest where motion is reduced or contrast is high.</p>
          ${onlyHere(settings, 'effects', 'Glow and moving light', effects.shared ? 'on' : 'off')}
        </div>
      </section>
      ${notSaved(settings)}
    `;
  }
}
