import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FOLDED_REM, narrowerThan } from '#ui/controllers/narrow.ts';
import { observe } from '#ui/controllers/observer.ts';
import type { Panel } from '#ui/panels/panel.ts';
import { FramePart } from '#ui/parts/frame-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import type { Route } from './router.ts';

/** A hint may come late: nobody waits for it. */
const HINT_AFTER_MS = 1500;

/** So many links a phone's bar has room for; the others are behind **More**. */
export const FIRST = 3;

/** The links to the surfaces: a rail at the side that folds to its icons, a bar at the bottom of a phone. */
@customElement('nav-rail')
export class NavRail extends FramePart {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      nav {
        display: flex;
        flex-direction: column;
        gap: var(--space-1);
        inline-size: 11.5rem;
        block-size: 100%;
        padding: var(--space-2);
        border-inline-end: 1px solid var(--line);
        transition: inline-size var(--quick);
      }

      .collapsed {
        inline-size: 3.25rem;
      }

      ul {
        display: grid;
        gap: var(--space-1);
      }

      ul.main {
        flex: 1;
        align-content: start;
      }

      hint-card {
        order: 1;
        margin-block-end: var(--space-2);
      }

      ul.end,
      button.fold {
        order: 2;
      }

      a,
      button.more,
      button.fold {
        position: relative;
        display: flex;
        align-items: center;
        justify-content: flex-start;
        gap: var(--space-3);
        inline-size: 100%;
        min-block-size: 2.25rem;
        padding: 0 0.5rem;
        border: 0;
        border-radius: var(--radius-m);
        background: none;
        color: var(--ink-2);
        font-size: var(--text-m);
        font-weight: 500;
        text-decoration: none;
        overflow: hidden;
        white-space: nowrap;
      }

      button.more {
        display: none;
      }

      a:hover,
      button.fold:hover {
        background: var(--surface-hover);
        color: var(--ink);
      }

      a[aria-current] {
        background: var(--surface-selected);
        color: var(--accent-ink);
      }

      a[aria-current]::before {
        content: "";
        position: absolute;
        inset: 0.5rem auto 0.5rem 0;
        inline-size: 3px;
        border-radius: var(--radius-full);
        background: var(--accent);
      }

      a:focus-visible {
        outline-offset: -2px;
      }

      @media (forced-colors: active) {
        a[aria-current]::before {
          background: Highlight;
        }
      }

      @container (min-width: 45.01rem) {
        .collapsed .label {
          position: absolute;
          clip-path: inset(50%);
        }
      }

      @container (max-width: 45rem) {
        nav,
        .collapsed {
          flex-direction: row;
          inline-size: 100%;
          padding: 0 var(--space-2) env(safe-area-inset-bottom);
          border: 0;
          border-block-start: 1px solid var(--line);
        }

        /* All links in one row, each as wide as the other, in whatever list they are. */
        ul,
        ul.main,
        ul.end {
          display: contents;
        }

        li,
        button.more {
          flex: 1 1 0;
          min-inline-size: 0;
        }

        .beyond,
        hint-card {
          display: none;
        }

        a,
        button.more {
          display: flex;
          flex-direction: column;
          justify-content: center;
          gap: 0.15rem;
          min-block-size: 3.5rem;
          padding: 0;
          /* A link of five has a fifth of the width, however large the text. */
          font-size: min(var(--text-xs), 3cqi);
        }

        button.more.current {
          color: var(--accent-ink);
        }

        a[aria-current] {
          background: none;
        }

        a[aria-current]::before {
          inset: 0 calc(50% - 1.25rem) auto;
          inline-size: 2.5rem;
          block-size: 3px;
        }

        button.fold {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) panels: readonly Panel[] = [];
  @property({ attribute: false }) route!: Route;
  private readonly layout = observe(this, () => this.shell?.layout.view);
  private readonly narrow = narrowerThan(this, FOLDED_REM);

  override firstUpdated(): void {
    setTimeout(() => void import('./hint-card.ts').catch(() => {}), HINT_AFTER_MS);
  }

  override render(): TemplateResult {
    const isFolded = this.narrow.matches;
    const collapsed = isFolded || (this.layout.value?.sidebarCollapsed ?? false);
    const inOrder = [...this.panels.filter(({ slot }) => slot === 'main'), ...this.panels.filter(({ slot }) => slot === 'end')];
    const beyond = inOrder.slice(FIRST);
    return html`
      <nav aria-label="Main" class=${collapsed ? 'collapsed' : ''}>
        ${(['main', 'end'] as const).map(
          (slot) => html`<ul class=${slot}>
            ${inOrder.filter((panel) => panel.slot === slot).map((panel) => this.link(panel, collapsed, beyond.includes(panel)))}
          </ul>`,
        )}
        ${collapsed || !this.app ? nothing : html`<hint-card></hint-card>`}
        <button class="more" aria-haspopup="dialog" @click=${() => this.shell.openDialog('search')}>${icon('search')}<span class="label">Search</span></button>
        <button class="more ${beyond.some(({ id }) => id === this.route.panel) ? 'current' : ''}" aria-haspopup="dialog"
          @click=${() => this.shell.openDialog('more')}>${icon('ellipsis')}<span class="label">More</span></button>
        ${isFolded ? nothing : this.foldButton(collapsed)}
      </nav>
    `;
  }

  private foldButton(collapsed: boolean): TemplateResult {
    const label = collapsed ? 'Expand sidebar' : 'Collapse sidebar';
    return html`<button class="fold" aria-label=${label} title=${label} aria-expanded=${!collapsed}
          @click=${() => this.shell.layout.change({ sidebarCollapsed: !collapsed })}>
          ${icon(collapsed ? 'panel-left-open' : 'panel-left-close')}<span class="label" aria-hidden="true">Collapse</span>
        </button>`;
  }

  private link(panel: Panel, collapsed: boolean, isBeyond: boolean): TemplateResult {
    const current = this.route.panel === panel.id;
    return html`<li class=${isBeyond ? 'beyond' : ''}>
      <a href="/${panel.id}" aria-current=${current ? 'page' : nothing} title=${collapsed ? panel.label : nothing}>
        ${icon(panel.icon)}<span class="label">${panel.label}</span>
      </a>
    </li>`;
  }
}
