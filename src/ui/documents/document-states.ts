/** What is beside a list while no document is shown there. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Nouns } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { icon, iconNamed } from '#ui/parts/icon.ts';
import { errorText } from '#ui/text/error-text.ts';

export const loadingDocument = html`<div class="page" aria-busy="true" aria-label="Loading">
  <span class="bone short"></span><span class="bone"></span><span class="bone long"></span><span class="bone"></span>
</div>`;

/** It could not be read. */
export function failedDocument(error: StoreError, again: () => void): TemplateResult {
  const { title, advice } = errorText(error);
  return html`<div class="page" role="alert">
    <h2>${title}</h2>
    <p>${advice}</p>
    <button class="primary" @click=${again}>Try again</button>
  </div>`;
}

/** The code that shows it did not come. */
export const missingCode = ({ many }: Nouns, retry: () => void): TemplateResult => html`<div class="page" role="alert">
  <h2>This part did not load</h2>
  <p>Your ${many} are safe on this device. The network may be gone before this part was kept for offline use.</p>
  <button class="primary" @click=${retry}>Try again</button>
</div>`;

/** Nothing here has this id. `home` is the address of the list. */
export const missingDocument = ({ one, many }: Nouns, home: string): TemplateResult => html`<div class="page">
  <h2>This ${one} is not on this device</h2>
  <p>It may not have arrived yet: it opens here as soon as it does. Or the address has a slip in it.</p>
  <a class="button" href=${home}>All ${many}</a>
</div>`;

/** It was here once. */
export const purgedDocument = ({ one, many }: Nouns, home: string): TemplateResult => html`<div class="page">
  <h2>This ${one} was deleted permanently</h2>
  <a class="button" href=${home}>All ${many}</a>
</div>`;

interface NothingOpen {
  /** Makes one, where no button of the shell does. */
  readonly begin: (() => void) | undefined;
  /** The address of the bin, where all of them are in it. */
  readonly bin: string | undefined;
}

/** None is chosen. */
export function nothingOpen(
  { nouns, document }: Pick<DocumentKind, 'nouns' | 'document'>,
  { begin, bin }: NothingOpen,
): TemplateResult {
  const words = bin
    ? `All ${nouns.many} are in the bin.`
    : `Choose a ${nouns.one} from the list${begin ? ', or begin one' : ''}.`;
  return html`<div class="page quiet-page">
    ${icon(iconNamed(document.icon))}
    <p>${words}</p>
    ${bin ? html`<a class="button" href=${bin}>${icon('trash-2')}Look into the bin</a>` : nothing}
    ${begin ? html`<button @click=${begin}>${icon('plus')}Begin a ${nouns.one}</button>` : nothing}
  </div>`;
}
