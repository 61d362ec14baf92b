/** What is shown in place of contents until they are read, and where they could not be. The styles are `sectionStyles`. */
import { html, type TemplateResult } from 'lit';
import type { Loaded } from '#ui/controllers/loaded.ts';
import { errorText } from '#ui/text/error-text.ts';
import type { UiError } from '#ui/text/error-types.ts';
import { problem } from './messages.ts';

/** Grey bars while a section is read. `label` says what is loaded. */
export const bones = (
  label: string,
): TemplateResult => html`<div class="bones" aria-busy="true" role="status" aria-label=${label}>
  <span class="bone"></span><span class="bone long"></span><span class="bone short"></span>
</div>`;

/** Why it could not be read, and once more. */
export function loadFailure(words: Parameters<typeof problem>[0], retry: () => void, again = 'Try again'): TemplateResult {
  return html`${problem(words)}
    <div class="row"><button @click=${retry}>${again}</button></div>`;
}

/** What is read as it is now: on its way, not to be read, or there. `label` says what is loaded. */
export function loadContent<V>(loaded: Loaded<V, UiError>, label: string, ready: (value: V) => TemplateResult): TemplateResult {
  switch (loaded.state.type) {
    case 'loading':
      return bones(label);
    case 'failed':
      return loadFailure(errorText(loaded.state.error), loaded.again);
    case 'ready':
      return ready(loaded.state.value);
  }
}
