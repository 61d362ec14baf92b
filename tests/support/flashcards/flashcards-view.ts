import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EntitySession } from '#app/app.ts';
import { observe } from '#ui/controllers/observer.ts';
import { boundText } from '#ui/documents/bound-text.ts';
import '#ui/documents/document-bar.ts';
import '#ui/documents/document-title.ts';
import { DocumentsView, type OpenedDocument } from '#ui/documents/documents-view.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';

/** One open card: its front is the title, its back a text. What is typed goes to the session at once. */
@customElement('flashcard-editor')
export class FlashcardEditor extends AppPart {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      .card {
        display: grid;
        gap: var(--space-4);
        padding: var(--space-5);
      }
    `,
  ];

  @property({ attribute: false }) session!: EntitySession<'flashcard'>;
  private readonly view = observe(this, () => this.session?.view);

  override render(): TemplateResult {
    const readOnly = this.view.value?.readOnly ?? false;
    return html`
      <document-bar .session=${this.session}></document-bar>
      <div class="card">
        <document-title label="Front" placeholder="Front" .session=${this.session} .readonly=${readOnly}></document-title>
        <label class="field">Back <textarea rows="6" ?readonly=${readOnly} ${boundText(this.session, 'back')}></textarea></label>
      </div>
    `;
  }
}

/** The flashcards, and the editor of the open one. */
@customElement('flashcards-view')
export class FlashcardsView extends DocumentsView<'flashcard'> {
  protected override readonly kind = 'flashcard';

  protected override async loadDocument(): Promise<void> {}

  protected override document({ session }: OpenedDocument<'flashcard'>): TemplateResult {
    return html`<flashcard-editor .session=${session}></flashcard-editor>`;
  }
}
