import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { App } from '#app/app.ts';
import { ledger } from '#entities/index.ts';
import { liveEntities } from '#ui/controllers/live-entities.ts';
import { observe } from '#ui/controllers/observer.ts';
import { icon } from '#ui/icon.ts';
import { keepTab, moveTab, type Tab, type Tabs } from '#ui/open-tabs.ts';
import { panelOf } from '#ui/panels/index.ts';
import type { Route } from '#ui/router.ts';
import type { Shell } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';

/**
 * The open documents. Links, so that they can be opened elsewhere, too. Moved by dragging, or with Ctrl+Shift+Left and
 * Right on the tab; closed by the button, a middle click or Delete.
 */
@customElement('tab-strip')
export class TabStrip extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      nav {
        block-size: 100%;
      }

      ul {
        display: flex;
        block-size: 100%;
        overflow-x: auto;
        scrollbar-width: none;
      }

      li {
        position: relative;
        display: flex;
        flex: 0 1 auto;
        align-items: center;
        min-inline-size: 6rem;
        max-inline-size: 15rem;
        padding-inline: var(--space-3) var(--space-1);
        border-inline-end: 1px solid var(--line);
        border-block-end: 1px solid var(--line);
        color: var(--ink-2);
      }

      li:hover {
        background: var(--surface-hover);
      }

      li.current {
        border-block-end-color: var(--surface);
        background: var(--surface);
        color: var(--ink);
        box-shadow: inset 0 2px var(--accent);
      }

      li.target {
        box-shadow: inset 3px 0 var(--accent);
      }

      a {
        display: flex;
        flex: 1;
        align-items: center;
        gap: var(--space-2);
        min-inline-size: 0;
        block-size: 100%;
        color: inherit;
        text-decoration: none;
      }

      a:focus-visible {
        outline-offset: -3px;
      }

      .icon {
        inline-size: 1rem;
        block-size: 1rem;
        color: var(--ink-3);
      }

      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .preview .name {
        font-style: italic;
      }

      button {
        min-inline-size: 1.5rem;
        min-block-size: 1.5rem;
      }

      button .icon {
        inline-size: 0.875rem;
        block-size: 0.875rem;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  @property({ attribute: false }) route!: Route;
  @state() private dragged: string | undefined;
  @state() private target: string | undefined;
  private readonly layout = observe(this, () => this.shell?.layout.view);
  private readonly entities = liveEntities(this, () => this.app && { app: this.app, keys: this.tabs.flatMap(keyOf) });

  override render(): TemplateResult {
    return html`<nav aria-label="Open documents">
      <ul>${repeat(
        this.tabs,
        ({ id }) => id,
        (tab) => this.tab(tab),
      )}</ul>
    </nav>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('route')) this.renderRoot.querySelector('.current')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  private get tabs(): Tabs {
    return this.layout.value?.tabs ?? [];
  }

  private tab(tab: Tab): TemplateResult {
    const title = this.nameOf(tab);
    const current = this.route.rest[0] === tab.id;
    const classes = { current, preview: tab.preview === true, target: this.target === tab.id && this.dragged !== tab.id };
    return html`<li class=${classMap(classes)}
      @dragover=${(event: DragEvent) => this.onDragOver(event, tab)}
      @drop=${(event: DragEvent) => this.onDrop(event, tab)}
      @auxclick=${(event: MouseEvent) => event.button === 1 && this.shell.closeTab(tab.id)}>
      <a href="/${tab.panel}/${tab.id}" draggable="true" aria-current=${current ? 'page' : 'false'} title=${title}
        aria-keyshortcuts="Control+Shift+ArrowLeft Control+Shift+ArrowRight Delete"
        @keydown=${(event: KeyboardEvent) => this.onKey(event, tab)}
        @dblclick=${() => this.shell.layout.changeTabs((tabs) => keepTab(tabs, tab.id))}
        @dragstart=${() => {
          this.dragged = tab.id;
        }}
        @dragend=${this.endDrag}>
        ${icon('file-text')}<span class="name">${title}</span>
      </a>
      <button class="quiet square" aria-label="Close ${title}" title="Close" @click=${() => this.shell.closeTab(tab.id)}>
        ${icon('x')}
      </button>
    </li>`;
  }

  private nameOf(tab: Tab): string {
    const kind = panelOf(tab.panel)?.documents ?? '';
    const view = this.entities.get(kind, tab.id);
    return (view && ledger.get(kind)?.title(view.fields)) || '…';
  }

  private onKey(event: KeyboardEvent, tab: Tab): void {
    if (event.key === 'Delete') {
      this.shell.closeTab(tab.id);
      return;
    }
    if (!(event.ctrlKey || event.metaKey) || !event.shiftKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const link = event.currentTarget as HTMLElement;
    this.shell.layout.changeTabs((tabs) => moveTab(tabs, tab.id, tabs.findIndex(({ id }) => id === tab.id) + step));
    // A moved element loses the focus.
    void this.updateComplete.then(() => link.focus());
  }

  private onDragOver(event: DragEvent, tab: Tab): void {
    if (!this.dragged) return;
    event.preventDefault();
    this.target = tab.id;
  }

  private onDrop(event: DragEvent, tab: Tab): void {
    const { dragged } = this;
    if (!dragged) return;
    event.preventDefault();
    this.shell.layout.changeTabs((tabs) =>
      moveTab(
        tabs,
        dragged,
        tabs.findIndex(({ id }) => id === tab.id),
      ),
    );
    this.endDrag();
  }

  private readonly endDrag = (): void => {
    this.dragged = undefined;
    this.target = undefined;
  };
}

function keyOf({ panel, id }: Tab): readonly (readonly [string, string])[] {
  const kind = panelOf(panel)?.documents;
  return kind ? [[kind, id]] : [];
}
