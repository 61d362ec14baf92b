import { html, type TemplateResult } from 'lit';
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
