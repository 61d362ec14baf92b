import { html, nothing, type TemplateResult } from 'lit';
import type { SettingName } from '#entities/effective-settings.ts';
import type { SettingEditor } from '#ui/controllers/edit-settings.ts';
import { problem } from '#ui/parts/messages.ts';
import { errorText } from '#ui/text/error-text.ts';

/**
 * The switch under a setting that makes it this device's own. `label` names the setting; `others` says in words what the
 * other devices have.
 */
export function onlyHere(editor: SettingEditor, name: SettingName, label: string, others: string): TemplateResult {
  const { overridden } = editor.read(name);
  return html`<div class="only-here">
    <label class="choice">
      <input type="checkbox" aria-label="Only on this device: ${label}" .checked=${overridden} ?disabled=${!editor.loaded}
        @change=${(event: Event) => void editor.keepHere(name, (event.target as HTMLInputElement).checked)} />
      Only on this device
    </label>
    ${
      overridden
        ? html`<p class="own">
            <span>Set for this device alone. Everywhere else: ${others}.</span>
            <button class="quiet" aria-label="Use the account’s setting: ${label}" @click=${() => void editor.keepHere(name, false)}>
              Use the account’s setting
            </button>
          </p>`
        : nothing
    }
  </div>`;
}

/** Why the last change was not saved, if it was not. */
export function notSaved(editor: SettingEditor): TemplateResult | typeof nothing {
  return editor.failure ? problem(errorText(editor.failure), 'Not saved') : nothing;
}
