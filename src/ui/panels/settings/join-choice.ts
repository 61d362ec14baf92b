import { html, type TemplateResult } from 'lit';
import type { Opened } from '#app/app.ts';

export type Join = 'bring' | 'apart';

/** What becomes of the work already on this device when another account is opened. */
export function joinChoice(): TemplateResult {
  return html`<fieldset>
    <legend>The work already in this browser</legend>
    <label class="choice">
      <input type="radio" name="join" value="bring" checked aria-describedby="bring" />
      Bring it along
    </label>
    <p class="hint" id="bring">Both become one. A note that is in both is merged; where both changed the same words the newer ones stay, and the others are kept in the merge log.</p>
    <label class="choice">
      <input type="radio" name="join" value="apart" aria-describedby="apart" />
      Keep it apart
    </label>
    <p class="hint" id="apart">It stays in this browser, in its own account. You can open that again here, under <em>Accounts in this browser</em>.</p>
  </fieldset>`;
}

/** Reads the choice from the form that holds it. */
export function joinOf(form: HTMLFormElement): Join {
  return new FormData(form).get('join') === 'apart' ? 'apart' : 'bring';
}

/** What the form says when it is done. */
export const openedText = (opened: Opened): string =>
  opened === 'open' ? 'The account is open.' : 'Your work is on its way. The account opens when all of it is there.';
