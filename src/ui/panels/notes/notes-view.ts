import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { DocumentsView, type OpenedDocument } from '#ui/documents/documents-view.ts';
import { icon } from '#ui/parts/icon.ts';
import { notesViewStyles } from './notes-view-styles.ts';

/** Late enough not to compete with the first list, early enough to be there at the first click. */
const EDITOR_AFTER_MS = 400;

/** The notes, and the editor of the open one. */
@customElement('notes-view')
export class NotesView extends DocumentsView<'note'> {
  static override styles = [DocumentsView.styles, notesViewStyles];

  protected override readonly kind = 'note';
  protected override readonly listSize = { name: 'list', initial: 320 };

  override firstUpdated(): void {
    // The list is there; the next thing a person does is to open a note or to start one.
    setTimeout(() => this.prepare(), EDITOR_AFTER_MS);
  }

  protected override loadDocument(): Promise<unknown> {
    // Both at once; the frame with the title does not wait for the editor, and says by itself when that one is missing.
    import('./editor/markdown-editor.ts').catch(() => {});
    return import('./note-editor.ts');
  }

  protected override document({ session, fresh }: OpenedDocument<'note'>): TemplateResult {
    const [place, detail, words = ''] = this.route.rest;
    return html`<note-editor .known=${this.known} .session=${session} .fresh=${fresh} .newTitle=${place === 'new' ? (detail ?? '') : ''}
      .target=${place === 'new' ? Number.NaN : Number(detail ?? Number.NaN)} .words=${words}></note-editor>`;
  }

  protected override welcome(): TemplateResult {
    return html`<div class="page welcome">
      <img src="/icon.svg" alt="" width="64" height="64" />
      <h2>Write. It is kept.</h2>
      <p>Everything you type is saved on this device at once, with or without a network, and goes to your server by itself.</p>
      <button class="primary" @click=${this.startNew}>${icon('pencil')}Write your first note</button>
      <a href="/settings/enter">I already have work: recovery code, name and password, or a backup</a>
    </div>`;
  }
}
