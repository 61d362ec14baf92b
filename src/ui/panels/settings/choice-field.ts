import { html, nothing, type TemplateResult } from 'lit';
import type { SettingName, SettingValues } from '#entities/effective-settings.ts';
import type { SettingEditor } from '#ui/controllers/edit-settings.ts';
import { onlyHere } from './only-here.ts';

/** A value that can be chosen, and its words. */
export interface Choice<V> {
  readonly value: V;
  readonly label: string;
  readonly hint?: string;
}

/** A setting with a handful of values as radio buttons, each with its hint, and the switch for this device alone. */
export function choiceField<N extends SettingName>(
  editor: SettingEditor,
  name: N,
  legend: string,
  choices: readonly Choice<SettingValues[N]>[],
): TemplateResult {
  const { value, shared } = editor.read(name);
  return html`<fieldset class="setting" ?disabled=${!editor.loaded}>
    <legend>${legend}</legend>
    <div class="choices">
      ${choices.map(
        (choice, index) => html`<div class="option">
          <label class="choice">
            <input type="radio" name=${name} value=${String(choice.value)} .checked=${choice.value === value}
              aria-describedby=${choice.hint === undefined ? nothing : `${name}-${index}`}
              @change=${() => void editor.write(name, choice.value)} />
            ${choice.label}
          </label>
          ${choice.hint === undefined ? nothing : html`<p class="hint" id="${name}-${index}">${choice.hint}</p>`}
        </div>`,
      )}
    </div>
    ${onlyHere(editor, name, legend, choices.find((choice) => choice.value === shared)?.label ?? '')}
  </fieldset>`;
}

/** A setting with many values as a select. `same` finds the choice of a value that another version may have written. */
export function selectField<N extends SettingName>(
  editor: SettingEditor,
  name: N,
  label: string,
  choices: readonly Choice<SettingValues[N]>[],
  hint: string,
  same: (choice: SettingValues[N], value: SettingValues[N]) => boolean,
): TemplateResult {
  const { value, shared } = editor.read(name);
  return html`<div class="setting" role="group" aria-label=${label}>
    <label class="field">
      ${label}
      <select aria-describedby="${name}-hint" ?disabled=${!editor.loaded}
        @change=${(event: Event) => {
          const chosen = choices[(event.target as HTMLSelectElement).selectedIndex];
          if (chosen) void editor.write(name, chosen.value);
        }}>
        ${choices.map((choice) => html`<option .selected=${same(choice.value, value)}>${choice.label}</option>`)}
      </select>
    </label>
    <p class="hint" id="${name}-hint">${hint}</p>
    ${onlyHere(editor, name, label, choices.find((choice) => same(choice.value, shared))?.label ?? '')}
  </div>`;
}
