import { html, type TemplateResult } from 'lit';

export type Join = 'bring' | 'apart';

/** What becomes of the work already on this device when another account is opened. */
export function joinChoice(): TemplateResult {
  return html`<fieldset>
    <legend>The work already in this browser</legend>
    <label class="choice">
      <input type="radio" name="join" value="bring" checked />
      <span>Bring it along</span><span class="hint">Both become one: nothing is overwritten.</span>
    </label>
    <label class="choice">
      <input type="radio" name="join" value="apart" />
      <span>Keep it apart</span><span class="hint">It stays in this browser, in its own account.</span>
    </label>
  </fieldset>`;
}

/** Reads the choice from the form that holds it. */
export function joinOf(form: HTMLFormElement): Join {
  return new FormData(form).get('join') === 'apart' ? 'apart' : 'bring';
}
