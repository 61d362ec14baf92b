import { html, nothing, type TemplateResult } from 'lit';
import { errorText, type UiError } from '#ui/error-text.ts';

/** Where a form stands. */
export type FormState =
  | { readonly type: 'idle' }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: UiError }
  | { readonly type: 'done'; readonly text: string };

/** What a form says under its fields. */
export function formMessage(state: FormState): TemplateResult | typeof nothing {
  if (state.type === 'failed') {
    const { title, advice } = errorText(state.error);
    return html`<p class="problem" role="alert"><strong>${title}.</strong> ${advice}</p>`;
  }
  return state.type === 'done' ? html`<p class="done" aria-live="polite">${state.text}</p>` : nothing;
}
