import { html, type TemplateResult } from 'lit';
import type { LiveList } from '#ui/controllers/live-list.ts';
import { wordsOf } from './event-text.ts';

/** Grey bars while a section is read. */
export const bones = (
  label: string,
): TemplateResult => html`<div class="bones" aria-busy="true" role="status" aria-label=${label}>
  <span class="bone"></span><span class="bone long"></span><span class="bone short"></span>
</div>`;

/** What a section shows where it could not be read. */
export function problem(error: Parameters<typeof wordsOf>[0], retry: () => void): TemplateResult {
  const { title, advice } = wordsOf(error);
  return html`<div class="card" role="alert">
    <p><strong>${title}.</strong> ${advice}</p>
    <div class="row"><button @click=${retry}>Try again</button></div>
  </div>`;
}

/** A list as it is: being read, not to be read, or there. `label` says what is loaded. */
export function listContent<V>(
  list: LiveList<V, Parameters<typeof wordsOf>[0]>,
  label: string,
  ready: (value: V) => TemplateResult,
): TemplateResult {
  switch (list.state.type) {
    case 'loading':
      return bones(label);
    case 'failed':
      return problem(list.state.error, () => list.reload());
    case 'ready':
      return ready(list.state.value);
  }
}
