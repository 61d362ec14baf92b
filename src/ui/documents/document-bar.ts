import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { EntitySession } from '#app/app.ts';
import { capitalize, type Fields } from '#core/entity.ts';
import { namesIn } from '#core/names.ts';
import { documentMarkdown } from '#entities/document-file.ts';
import { type DocumentKind, knownDocumentKind } from '#entities/documents.ts';
import { observe } from '#ui/controllers/observer.ts';
import { panelOfKind } from '#ui/panels/index.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { moveTab } from '#ui/shell/tabs/open-tabs.ts';
import '#ui/parts/action-menu.ts';
import type { MenuItem } from '#ui/parts/action-menu.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { documentActions } from './document-actions.ts';
import './document-banner.ts';
import { documentBarStyles } from './document-bar-styles.ts';
import { drawnParts, isSameDrawing } from './drawn-parts.ts';
import { restoreRevision } from './revisions.ts';
import './star-button.ts';

/**
 * The head of an open document, by the declaration of its kind: where it is, its star, its menu with history and bin, and what is
 * special about it. Slots: the panel's own controls; `title` in place of the path; `below` the bar.
 */
@customElement('document-bar')
export class DocumentBar extends AppPart {
  static override styles = [baseStyles, controlStyles, documentBarStyles];

  @property({ attribute: false }) session!: EntitySession;
  /** All of it, its children included; absent, its own text. */
  @property({ attribute: false }) markdown: (() => string) | undefined;
  /** Ids of the entities that it is made of, itself aside. */
  @property({ attribute: false, hasChanged: (ids, before) => String(ids) !== String(before) }) parts: readonly string[] = [];
  /** The panel's own entries, before those of every kind. */
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  @state() private historyOpen = false;
  private readonly view = observe(this, () => this.session?.view);
  private readonly layout = observe(this, () => this.shell?.layout.view);
  private drawn: readonly unknown[] = [];

  /** With most keys only the text is another, which shows in the history alone. */
  override shouldUpdate(changed: PropertyValues<this>): boolean {
    const before = this.drawn;
    this.drawn = [this.layout.value?.tabs, this.historyOpen && this.view.value, ...drawnParts(this.session)];
    return changed.size > 0 || !isSameDrawing(before, this.drawn);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('session')) this.historyOpen = false;
  }

  override render(): TemplateResult {
    const { declared, home } = this;
    const view = this.view.value ?? null;
    return html`
      <div class="head">
        <div class="bar">
          <a class="back button quiet square" href=${home} aria-label="All ${declared.nouns.many}">${icon('arrow-left')}</a>
          <button class="list quiet square" aria-label="Show or hide the list" title="Show or hide the list" @click=${this.toggleList}>
            ${icon('panel-left-close')}
          </button>
          <slot name="title">${this.path()}</slot>
          <star-button .session=${this.session}></star-button>
          <slot></slot>
          <action-menu about="document" label="${capitalize(declared.nouns.one)} actions" .items=${this.allItems()}></action-menu>
        </div>
        <slot name="below"></slot>
      </div>
      <document-banner .view=${view} .session=${this.session} .parts=${this.parts}></document-banner>
      ${
        this.historyOpen && view
          ? html`<document-history .view=${view} .restore=${this.restore} @close=${this.closeHistory}></document-history>`
          : nothing
      }
    `;
  }

  private get declared(): DocumentKind {
    return knownDocumentKind(this.session.kind);
  }

  private get home(): string {
    return `/${panelOfKind(this.session.kind)?.id ?? ''}`;
  }

  /** The list, the one name that it is kept under, such as its notebook, and its title. */
  private path(): TemplateResult {
    const { document, fields: rules, title, nouns } = this.declared;
    const { fields } = this.session;
    const folders = (document.facets ?? []).filter(({ field }) => rules[field]?.rule !== 'set');
    return html`<nav aria-label="Breadcrumb">
      <ol>
        <li><a href=${this.home}>${panelOfKind(this.session.kind)?.label ?? capitalize(nouns.many)}</a></li>
        ${folders.flatMap(({ field }) => namesIn(fields[field])).map((name) => html`<li dir="auto">${name}</li>`)}
        <li aria-current="page" dir="auto">${title(fields)}</li>
      </ol>
    </nav>`;
  }

  private allItems(): readonly MenuItem[] {
    const { app, shell, session, declared } = this;
    const { id } = session;
    const tabs = this.layout.value?.tabs ?? [];
    const at = tabs.findIndex((tab) => tab.id === id);
    const move = (to: number) => () => shell.layout.changeTabs((all) => moveTab(all, id, to));
    return [
      ...this.items,
      ...(declared.document.hasHistory
        ? [
            {
              label: 'History',
              icon: 'history',
              words: 'versions revisions earlier changes restore',
              act: this.openHistory,
            } as const,
          ]
        : []),
      ...(at > 0 ? [{ label: 'Move tab left', icon: 'arrow-left', isKnown: true, act: move(at - 1) } as const] : []),
      ...(at >= 0 && at < tabs.length - 1
        ? [{ label: 'Move tab right', icon: 'arrow-right', isKnown: true, act: move(at + 1) } as const]
        : []),
      ...documentActions(app, shell, session, this.markdown ?? (() => documentMarkdown(declared, session.fields))),
    ];
  }

  private readonly openHistory = async (): Promise<void> => {
    try {
      await import('./document-history.ts');
    } catch {
      this.shell.notify({ text: 'The history did not load. Try again when the network is back.', tone: 'bad' });
      return;
    }
    // What was typed last belongs to the history, too.
    await this.session.flush();
    this.historyOpen = true;
  };

  private readonly toggleList = (): void => {
    this.dispatchEvent(new CustomEvent('toggle-list', { bubbles: true, composed: true }));
  };

  private readonly closeHistory = (): void => {
    this.historyOpen = false;
  };

  private readonly restore = (earlier: Fields): void => {
    const { app, shell, session } = this;
    restoreRevision({ app, shell, session }, earlier, () => this.isConnected && this.session === session);
  };
}
