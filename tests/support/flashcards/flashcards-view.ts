import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { App, EntitySession } from '#app/app.ts';
import { observe } from '#ui/controllers/observer.ts';
import { movedOf, moveToBin } from '#ui/documents/bin-moves.ts';
import '#ui/documents/document-banner.ts';
import '#ui/documents/document-title.ts';
import type { DocumentTitle } from '#ui/documents/document-title.ts';
import { DocumentsView, type OpenedDocument } from '#ui/documents/documents-view.ts';
import type { Shell } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { takeText } from '#ui/take-text.ts';

/** One open card: its front is the title, its back a text. What is typed goes to the session at once. */
@customElement('flashcard-editor')
export class FlashcardEditor extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
        padding: var(--space-5);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  @property({ attribute: false }) session!: EntitySession<'flashcard'>;
  @property({ type: Boolean }) fresh = false;
  @query('document-title') private front!: DocumentTitle;
  @query('textarea') private back!: HTMLTextAreaElement;
  private readonly view = observe(this, () => this.session?.view);
  private shown: EntitySession<'flashcard'> | undefined;
  private stopIncoming: (() => void) | undefined;

  override disconnectedCallback(): void {
    this.stopIncoming?.();
    this.shown = undefined;
    super.disconnectedCallback();
  }

  override updated(): void {
    if (this.shown === this.session) return;
    this.shown = this.session;
    this.stopIncoming?.();
    this.front.show(this.text('front'));
    this.back.value = this.text('back');
    this.stopIncoming = this.session.onIncoming(() => {
      this.front.take(this.text('front'));
      takeText(this.back, this.text('back'));
    });
  }

  override render(): TemplateResult {
    return html`
      <document-banner .app=${this.app} .shell=${this.shell} .view=${this.view.value ?? null}></document-banner>
      <document-title label="Front" placeholder="Front" .onTitle=${(front: string) => this.change({ front })}></document-title>
      <label class="field">Back <textarea rows="6" @input=${() => this.change({ back: this.back.value })}></textarea></label>
      <button @click=${() => moveToBin(this.app, this.shell, movedOf(this.session))}>Move to bin</button>
    `;
  }

  private text(field: 'front' | 'back'): string {
    return String(this.session.fields[field] ?? '');
  }

  private change(patch: { readonly front?: string; readonly back?: string }): void {
    this.session.set(patch);
    if (this.fresh) this.dispatchEvent(new CustomEvent('kept', { bubbles: true }));
  }
}

/** The flashcards, and the editor of the open one. */
@customElement('flashcards-view')
export class FlashcardsView extends DocumentsView<'flashcard'> {
  protected override readonly kind = 'flashcard';

  protected override async loadDocument(): Promise<void> {}

  protected override document({ session, fresh }: OpenedDocument<'flashcard'>): TemplateResult {
    return html`<flashcard-editor .app=${this.app} .shell=${this.shell} .session=${session} .fresh=${fresh}></flashcard-editor>`;
  }
}
