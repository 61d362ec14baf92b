import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import { observe } from '#ui/controllers/observer.ts';
import { icon } from '#ui/parts/icon.ts';
import type { Route } from '#ui/shell/router.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { keepTab, moveTab, type Tab, type Tabs } from './open-tabs.ts';
import { tabIcon, tabNames } from './tab-names.ts';
import '#ui/parts/action-menu.ts';
import type { MenuItem } from '#ui/parts/action-menu.ts';
import { FramePart } from '#ui/parts/frame-part.ts';
import { watchTabDrag } from './tab-drag.ts';
import { tabStripStyles } from './tab-strip-styles.ts';

/**
 * The open documents. Links, so that they can be opened elsewhere, too. Moved by dragging, or with Alt+Shift+Left and
 * Right on the tab; closed by the button, a middle click or Delete. The menu at the end holds all of them.
 */
@customElement('tab-strip')
export class TabStrip extends FramePart {
  static override styles = [baseStyles, controlStyles, tabStripStyles];

  @property({ attribute: false }) route!: Route;
  /** Said once to those who do not see a tab move. */
  @state() private said = '';
  @query('ul') private list!: HTMLElement;
  private inSight: Element | null = null;
  private readonly layout = observe(this, () => this.shell?.layout.view);
  private readonly names = tabNames(this, () => this.app && { app: this.app, tabs: this.tabs });

  override render(): TemplateResult {
    const { tabs } = this;
    const hasClosed = (this.layout.value?.closedTabs.length ?? 0) > 0;
    return html`<nav aria-label="Open documents">
      <ul @wheel=${this.onWheel}>${repeat(
        tabs,
        ({ id }) => id,
        (tab) => this.tab(tab),
      )}</ul>
      ${tabs.length > 0 || hasClosed ? html`<action-menu label="Tabs" icon="chevron-down" .items=${this.menu()}></action-menu>` : nothing}
      <p class="visually-hidden" aria-live="polite">${this.said}</p>
    </nav>`;
  }

  override firstUpdated(): void {
    watchTabDrag(this.list, (from, to) => {
      const tab = this.tabs[from];
      if (tab) this.move(tab, to);
    });
  }

  /** The current one is brought into sight when the place changes, and when its tab has come, as it does after a reload. */
  override updated(changed: PropertyValues<this>): void {
    const current = this.renderRoot.querySelector('.current');
    if (current && (changed.has('route') || current !== this.inSight))
      current.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.inSight = current;
  }

  private get tabs(): Tabs {
    return this.layout.value?.tabs ?? [];
  }

  private tab(tab: Tab): TemplateResult {
    const title = this.names.nameOf(tab);
    const current = this.isCurrent(tab);
    return html`<li class=${classMap({ current, preview: tab.preview === true })}
      @auxclick=${(event: MouseEvent) => this.onMiddleClick(event, tab)}>
      <a href="/${tab.panel}/${tab.id}" draggable="false" aria-current=${current ? 'page' : 'false'} title=${title}
        aria-keyshortcuts="Alt+Shift+ArrowLeft Alt+Shift+ArrowRight Delete"
        @keydown=${(event: KeyboardEvent) => this.onKey(event, tab)}
        @dblclick=${() => this.shell.layout.changeTabs((tabs) => keepTab(tabs, tab.id))}>
        ${icon(tabIcon(tab))}<span class="name" dir="auto">${title}</span>
      </a>
      <button class="quiet square" aria-label="Close ${title}" title="Close" @click=${() => this.shell.closeTab(tab.id)}>
        ${icon('x')}
      </button>
    </li>`;
  }

  private menu(): readonly MenuItem[] {
    const { shell, tabs } = this;
    const at = tabs.findIndex((tab) => this.isCurrent(tab));
    const run = (command: string) => () => void shell.run(command);
    const hasClosed = (this.layout.value?.closedTabs.length ?? 0) > 0;
    const documents = tabs.map(
      (tab, index): MenuItem => ({
        label: this.names.nameOf(tab),
        icon: tabIcon(tab),
        current: index === at,
        isKnown: true,
        act: () => shell.navigate(`/${tab.panel}/${tab.id}`),
      }),
    );
    const actions: readonly (MenuItem | false)[] = [
      at > 0 && { label: 'Move this tab to the left', icon: 'arrow-left', act: run('move-tab-left') },
      at >= 0 && at < tabs.length - 1 && { label: 'Move this tab to the right', icon: 'arrow-right', act: run('move-tab-right') },
      at >= 0 && tabs.length > 1 && { label: 'Close all other tabs', icon: 'x', act: run('close-other-tabs') },
      hasClosed && { label: 'Reopen closed tab', icon: 'undo-2', act: run('reopen-tab') },
    ];
    const possible = actions.filter((action) => action !== false);
    return [
      ...documents,
      ...possible.map((action, index) => ({ ...action, isKnown: true, apart: index === 0 && documents.length > 0 })),
    ];
  }

  private isCurrent({ panel, id }: Tab): boolean {
    return this.route.panel === panel && this.route.rest[0] === id;
  }

  private move(tab: Tab, to: number): void {
    this.shell.layout.changeTabs((tabs) => moveTab(tabs, tab.id, to));
    const at = this.tabs.findIndex(({ id }) => id === tab.id);
    this.said = `${this.names.nameOf(tab)}: tab ${at + 1} of ${this.tabs.length}`;
  }

  private onMiddleClick(event: MouseEvent, tab: Tab): void {
    if (event.button !== 1) return;
    // The browser would open the link in a window of its own, and with it the document that was just closed.
    event.preventDefault();
    this.shell.closeTab(tab.id);
  }

  private onKey(event: KeyboardEvent, tab: Tab): void {
    const at = this.tabs.findIndex(({ id }) => id === tab.id);
    if (event.key === 'Delete') {
      event.preventDefault();
      this.shell.closeTab(tab.id);
      // The focus stays in the row, on what has come to this place.
      void this.focusTab(Math.min(at, this.tabs.length - 2));
      return;
    }
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    const { altKey, shiftKey, ctrlKey, metaKey } = event;
    const isMove = shiftKey && (altKey || ctrlKey || metaKey);
    if (!isMove && (altKey || shiftKey || ctrlKey || metaKey)) return;
    event.preventDefault();
    if (isMove) this.move(tab, at + step);
    void this.focusTab(Math.max(0, Math.min(at + step, this.tabs.length - 1)));
  }

  private async focusTab(at: number): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelectorAll<HTMLElement>('li > a')[at]?.focus();
  }

  /** A wheel that turns one way only scrolls the row, too. */
  private readonly onWheel = (event: WheelEvent): void => {
    if (event.deltaX === 0) this.list.scrollLeft += event.deltaY;
  };
}
