import { html, nothing, type TemplateResult } from 'lit';
import type { PlannedKey } from '#core/restores.ts';

/** API keys that came with a backup, with what a restore does with them. `chosen`: null where they are not asked about. */
export function keyChoice(
  keys: readonly PlannedKey[],
  chosen: boolean | null,
  choose: (chosen: boolean) => void,
): TemplateResult | typeof nothing {
  if (keys.length === 0 || chosen === null) return nothing;
  const isSame = keys.every(({ type }) => type === 'same');
  return html`<div class="option">
    <label class="choice"><input type="checkbox" .checked=${chosen && !isSame} ?disabled=${isSame} aria-describedby="keys"
      @change=${(event: Event) => choose((event.target as HTMLInputElement).checked)} />Restore API keys</label>
    <p class="hint" id="keys">${keys.map((key) => html`<span>For <bdi>${key.origin}</bdi>: ${WORDS[key.type](key)} </span>`)}</p>
  </div>`;
}

const WORDS: { readonly [T in PlannedKey['type']]: (key: PlannedKey) => TemplateResult } = {
  added: () => html`there is none in this browser. It is encrypted for this browser alone.`,
  replaced: ({ originHere }) => html`it takes the place of the one for <bdi>${originHere ?? ''}</bdi> that is here.`,
  same: () => html`the same one is here.`,
};
