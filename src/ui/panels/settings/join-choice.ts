import { html, type TemplateResult } from 'lit';

export type Join = 'bring' | 'apart';

/** What becomes of the work already on this device when another account is opened. */
export function joinChoice(): TemplateResult {
  return html`<fieldset>
    <legend>The work already in this browser</legend>
    <label class="choice">
      <input type="radio" name="join" value="bring" checked aria-describedby="bring" />
      Bring it along
    </label>
    <p class="hint" id="bring">Both become one: nothing is overwritten.</p>
    <label class="choice">
      <input type="radio" name="join" value="apart" aria-describedby="apart" />
      Keep it apart
    </label>
    <p class="hint" id="apart">It stays in this browser, in its own account.</p>
  </fieldset>`;
}

/** Reads the choice from the form that holds it. */
export function joinOf(form: HTMLFormElement): Join {
  return new FormData(form).get('join') === 'apart' ? 'apart' : 'bring';
}
