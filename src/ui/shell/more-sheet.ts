import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { observe } from '#ui/controllers/observer.ts';
import { panels } from '#ui/panels/index.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import type { Tab, Tabs } from '#ui/shell/tabs/open-tabs.ts';
import { tabIcon, tabNames } from '#ui/shell/tabs/tab-names.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { FIRST } from './nav-rail.ts';

/** What a phone's bar has no room for: the other surfaces, the palette, the open documents. Fires `close`. */
@customElement('more-sheet')
export class MoreSheet extends AppPart {
  static override styles = [
    baseStyles,
    controlStyles,
    dialogStyles,
    css`
      dialog {
        inline-size: 100vw;
        max-inline-size: 34rem;
        max-block-size: 80dvh;
        margin: auto auto 0;
        padding: var(--space-3) var(--space-3) calc(var(--space-3) + env(safe-area-inset-bottom));
        border-width: 1px 0 0;
        border-radius: var(--radius-l) var(--radius-l) 0 0;
      }

      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding-inline-start: var(--space-3);
      }

      h2 {
        font-size: var(--text-l);
      }

      h3 {
        padding: var(--space-4) var(--space-3) var(--space-1);
        color: var(--ink-2);
        font-size: var(--text-s);
      }

      li {
        display: flex;
        align-items: center;
      }

      a,
      .row {
        flex: 1;
        display: flex;
        align-items: center;
        justify-content: flex-start;
        gap: var(--space-3);
        min-inline-size: 0;
        min-block-size: 2.75rem;
        padding-inline: var(--space-3);
        border: 0;
        border-radius: var(--radius-m);
        background: none;
        color: var(--ink);
        font-size: var(--text-l);
        text-decoration: none;
      }

      a:hover {
        background: var(--surface-hover);
      }

      a[aria-current] {
        background: var(--surface-selected);
      }

      a .icon,
      .row .icon {
        color: var(--ink-3);
      }

      span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  @query('dialog') private dialog!: HTMLDialogElement;
  private readonly layout = observe(this, () => this.shell?.layout.view);
  private readonly names = tabNames(this, () => this.app && { app: this.app, tabs: this.tabs });

  override firstUpdated(): void {
    this.dialog.showModal();
  }

  close(): void {
    this.dialog.close();
  }

  override render(): TemplateResult {
    const { tabs } = this;
    const hasClosed = (this.layout.value?.closedTabs.length ?? 0) > 0;
    const rest = [...panels.filter(({ slot }) => slot === 'main'), ...panels.filter(({ slot }) => slot === 'end')].slice(FIRST);
    // The shell follows a link by itself; the sheet only makes room for what it leads to.
    return html`<dialog aria-labelledby="title" closedby="any" @close=${() => this.dispatchEvent(new CustomEvent('close'))}
      @click=${(event: MouseEvent) => event.composedPath().some((target) => target instanceof HTMLAnchorElement) && this.close()}>
      <div class="head">
        <h2 id="title">More</h2>
        <button class="quiet square" aria-label="Close" @click=${() => this.close()}>${icon('x')}</button>
      </div>
      <nav aria-label="More">
        <ul>
          ${rest.map(({ id, label, icon: name }) => html`<li><a href="/${id}" aria-current=${this.isAt(id)}>${icon(name)}<span>${label}</span></a></li>`)}
          <li>${this.command('palette', 'chevron-right', 'Commands and names')}</li>
        </ul>
        ${
          tabs.length > 0
            ? html`<h3>Open documents</h3>
              <ul>${tabs.map((tab) => this.document(tab))}</ul>`
            : nothing
        }
        ${hasClosed ? html`<ul><li>${this.command('reopen-tab', 'undo-2', 'Reopen closed tab')}</li></ul>` : nothing}
      </nav>
    </dialog>`;
  }

  private isAt(panel: string): 'page' | typeof nothing {
    return this.shell.route.value.panel === panel ? 'page' : nothing;
  }

  private command(id: string, name: Parameters<typeof icon>[0], label: string): TemplateResult {
    return html`<button class="row" @click=${() => {
      this.close();
      void this.shell.run(id);
    }}>${icon(name)}<span>${label}</span></button>`;
  }

  private document(tab: Tab): TemplateResult {
    const title = this.names.nameOf(tab);
    return html`<li>
      <a href="/${tab.panel}/${tab.id}">${icon(tabIcon(tab))}<span>${title}</span></a>
      <button class="quiet square" aria-label="Close ${title}" @click=${() => this.shell.closeTab(tab.id)}>${icon('x')}</button>
    </li>`;
  }

  private get tabs(): Tabs {
    return this.layout.value?.tabs ?? [];
  }
}
