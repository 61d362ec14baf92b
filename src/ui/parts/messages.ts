/** What a section says of an act or of a reading, with one look for all panels: `sectionStyles`. */
import { html, nothing, type TemplateResult } from 'lit';
import { errorText } from '#ui/text/error-text.ts';
import type { ErrorText, UiError } from '#ui/text/error-types.ts';

type Words = Pick<ErrorText, 'title' | 'advice'>;

/** How far an act of the person has come. */
export type Outcome<E = UiError> =
  | { readonly type: 'idle' }
  | { readonly type: 'working'; readonly text?: string }
  | { readonly type: 'done'; readonly text: string }
  | { readonly type: 'failed'; readonly error: E };

/** What failed and what to do about it. `what` says what has not happened: "Not saved". */
export function problem({ title, advice }: Words, what = ''): TemplateResult {
  return html`<p class="problem" role="alert"><strong>${what === '' ? title : `${what}: ${title}`}.</strong> ${advice}</p>`;
}

/** What an act has come to, below its fields or its button. */
export function outcomeMessage<E extends { readonly type: string } = UiError>(
  outcome: Outcome<E>,
  problemOf: (error: E) => TemplateResult,
): TemplateResult | typeof nothing {
  if (outcome.type === 'failed') return problemOf(outcome.error);
  if (outcome.type === 'idle' || outcome.text === undefined) return nothing;
  return html`<p class=${outcome.type === 'done' ? 'done' : ''} aria-live="polite">${outcome.text}</p>`;
}

/** The words for an expected failure, as `outcomeMessage` wants them. */
export const errorProblem = (error: UiError): TemplateResult => problem(errorText(error));

/** A list in which there is nothing, and when there would be. */
export function emptyState(title: string, text: unknown): TemplateResult {
  return html`<div class="empty"><p><strong>${title}</strong></p><p>${text}</p></div>`;
}

/** Names below a question; those beyond `max` are counted. Items of a list. */
export function nameItems(names: readonly string[], max: number): TemplateResult {
  return html`${names.slice(0, max).map((name) => html`<li dir="auto">${name}</li>`)}
    ${names.length > max ? html`<li>and ${(names.length - max).toLocaleString()} more</li>` : nothing}`;
}
