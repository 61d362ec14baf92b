import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App, EntitySession, EntityView } from '#app/app.ts';
import { documentMarkdown } from '#entities/document-file.ts';
import { note } from '#entities/note.ts';
import { documentActions } from '#ui/documents/document-actions.ts';
import '#ui/documents/star-button.ts';
import { icon } from '#ui/icon.ts';
import { moveTab } from '#ui/open-tabs.ts';
import '#ui/parts/action-menu.ts';
import type { MenuItem } from '#ui/parts/action-menu.ts';
import type { Shell } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';

/** Where the open note is, and what can be done with it. */
@customElement('note-toolbar')
export class NoteToolbar extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-block-size: calc(var(--target) + 1rem);
        padding: var(--space-1) var(--space-3);
        border-block-end: 1px solid var(--line);
      }

      nav {
        flex: 1;
        min-inline-size: 0;
      }

      ol {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        color: var(--ink-3);
        white-space: nowrap;
      }

      ol a {
        display: inline-flex;
        align-items: center;
        min-block-size: 1.5rem;
        color: var(--ink-2);
        text-decoration: none;
      }

      ol a:hover {
        text-decoration: underline;
      }

      li {
        overflow: hidden;
        text-overflow: ellipsis;
      }

      li + li::before {
        content: "/";
        margin-inline-end: var(--space-2);
        color: var(--ink-3);
      }

      li:last-child {
        color: var(--ink);
        font-weight: var(--weight-strong);
      }

      .back {
        display: none;
      }

      .switch {
        gap: var(--space-2);
      }

      .switch .track {
        position: relative;
        inline-size: 2rem;
        block-size: 1.125rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-full);
        background: var(--surface-sunken);
        transition: background-color var(--quick);
      }

      .switch .track::after {
        content: "";
        position: absolute;
        inset: 2px auto 2px 2px;
        aspect-ratio: 1;
        border-radius: 50%;
        background: var(--ink-3);
        transition: translate var(--quick);
      }

      .switch[aria-checked="true"] .track {
        border-color: var(--accent);
        background: var(--accent);
      }

      .switch[aria-checked="true"] .track::after {
        background: var(--on-accent);
        translate: 0.875rem;
      }

      @media (forced-colors: active) {
        .switch .track::after {
          background: ButtonText;
        }

        .switch[aria-checked="true"] .track {
          background: Highlight;
          forced-color-adjust: none;
        }
      }

      @media (max-width: 45rem) {
        .back {
          display: inline-flex;
        }

        ol {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  @property({ attribute: false }) session!: EntitySession<'note'>;
  @property({ attribute: false }) view: EntityView<'note'> | null = null;
  @property({ type: Boolean }) preview = false;

  override render(): TemplateResult {
    const { fields } = this.session;
    const { notebook } = fields;
    return html`
      <a class="back button quiet square" href="/notes" aria-label="All notes">${icon('arrow-left')}</a>
      <nav aria-label="Breadcrumb">
        <ol>
          <li><a href="/notes">Notes</a></li>
          ${notebook === '' ? nothing : html`<li>${notebook}</li>`}
          <li aria-current="page">${note.title(fields)}</li>
        </ol>
      </nav>
      <star-button .session=${this.session}></star-button>
      <button class="switch quiet" role="switch" aria-checked=${this.preview}
        @click=${() => this.shell.layout.change({ preview: !this.preview })}>
        <span class="track"></span>Preview
      </button>
      <action-menu label="Note actions" .items=${this.items()}></action-menu>
    `;
  }

  private items(): readonly MenuItem[] {
    const { id } = this.session;
    const tabs = this.shell.layout.view.value.tabs;
    const at = tabs.findIndex((tab) => tab.id === id);
    const move = (to: number) => () => this.shell.layout.changeTabs((all) => moveTab(all, id, to));
    return [
      { label: 'History', icon: 'history', act: () => this.dispatchEvent(new CustomEvent('history')) },
      ...(at > 0 ? [{ label: 'Move tab left', icon: 'arrow-left', act: move(at - 1) } as const] : []),
      ...(at >= 0 && at < tabs.length - 1 ? [{ label: 'Move tab right', icon: 'arrow-right', act: move(at + 1) } as const] : []),
      ...documentActions(this.app, this.shell, this.session, () => documentMarkdown(note, this.session.fields)),
    ];
  }
}
