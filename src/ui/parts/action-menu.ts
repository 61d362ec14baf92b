import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { popoverStyles } from '#ui/styles/popover.ts';
import { type IconName, icon } from './icon.ts';

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly tone?: 'plain' | 'danger';
  /** Where the person is now. */
  readonly current?: boolean;
  /** A line above it. */
  readonly apart?: boolean;
  /** Other words that it is found by in the palette. */
  readonly words?: string;
  /** The palette offers the same by itself. */
  readonly isKnown?: boolean;
  /** It has a button of its own beside the menu: it is for the palette alone. */
  readonly isBeside?: boolean;
  readonly act: () => void;
}

/** The menus on the page, in the order in which they came. */
export const openMenus = (): readonly Pick<ActionMenu, 'name' | 'subject' | 'about' | 'items'>[] => [...shown];

const shown = new Set<ActionMenu>();

/** A button that opens a menu. A native popover: Escape and a click elsewhere close it; arrows, Home and End move in it. */
@customElement('action-menu')
export class ActionMenu extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    popoverStyles,
    css`
      :host {
        display: inline-block;
      }

      [popover] {
        min-inline-size: 12rem;
        max-inline-size: min(24rem, 100vw - 1rem);
        max-block-size: 80vh;
      }

      [role="menuitem"] {
        display: flex;
        justify-content: flex-start;
        inline-size: 100%;
        border: 0;
        background: none;
      }

      [role="menuitem"].apart {
        border-block-start: 1px solid var(--line);
        border-start-start-radius: 0;
        border-start-end-radius: 0;
      }

      [role="menuitem"] span {
        overflow: hidden;
        text-overflow: ellipsis;
      }

      [role="menuitem"][aria-current="page"] {
        background: var(--surface-selected);
      }

      [role="menuitem"] .icon {
        color: var(--ink-3);
      }

      [role="menuitem"].danger,
      [role="menuitem"].danger .icon {
        color: var(--bad);
      }

      [role="menuitem"]:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];

  @property() label = 'More';
  /** What it is about, where there are several on a page. */
  @property() subject = '';
  @property() icon: IconName = 'ellipsis';
  /** Whether its entries are about the open document, or about what it is in. */
  @property() about: 'document' | 'surface' = 'surface';
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  @query('[popover]') private menu!: HTMLElement;
  @query('#opener') private opener!: HTMLElement;

  override connectedCallback(): void {
    super.connectedCallback();
    // On the host: the menu takes the focus a moment after it has opened, and a fast key comes before that.
    this.addEventListener('keydown', this.onKey);
    shown.add(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    shown.delete(this);
    removeEventListener('resize', this.place);
  }

  override render(): TemplateResult {
    const { name } = this;
    return html`
      <button id="opener" class="quiet square" aria-label=${name} title=${name} aria-haspopup="menu" popovertarget="menu">
        ${icon(this.icon)}
      </button>
      <div id="menu" popover role="menu" aria-label=${name} @toggle=${this.onToggle}>
        ${this.items
          .filter(({ isBeside }) => !isBeside)
          .map(
            (item) => html`<button role="menuitem" tabindex="-1" class="${item.tone ?? 'plain'} ${item.apart ? 'apart' : ''}"
            aria-current=${item.current ? 'page' : nothing} @click=${() => this.choose(item)}>
            ${icon(item.icon)}<span>${item.label}</span>
          </button>`,
          )}
      </div>
    `;
  }

  /** What it is called. */
  get name(): string {
    return this.subject === '' ? this.label : `${this.label} about ${this.subject}`;
  }

  private readonly onToggle = (event: Event): void => {
    const isOpen = (event as ToggleEvent).newState === 'open';
    // A phone that is turned, a window that is made narrower.
    if (isOpen) addEventListener('resize', this.place);
    else removeEventListener('resize', this.place);
    if (!isOpen) return;
    this.place();
    if (!this.rows.some((row) => row.matches(':focus'))) this.rows[0]?.focus();
  };

  /** Puts the open menu below its button, or above it where there is more room. Anchor positioning is younger than the browsers we run in. */
  private readonly place = (): void => {
    const anchor = this.opener.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.menu;
    const left = Math.max(8, Math.min(anchor.right - offsetWidth, innerWidth - offsetWidth - 8));
    const below = anchor.bottom + 4;
    const top = below + offsetHeight > innerHeight ? Math.max(8, anchor.top - offsetHeight - 4) : below;
    this.menu.style.left = `${left}px`;
    this.menu.style.top = `${top}px`;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!this.menu.matches(':popover-open')) return;
    const { rows } = this;
    const at = rows.findIndex((row) => row.matches(':focus'));
    const next = { ArrowDown: at + 1, ArrowUp: Math.max(0, at) - 1 + rows.length, Home: 0, End: rows.length - 1 }[event.key];
    if (event.key === 'Tab') this.menu.hidePopover();
    if (next === undefined) return;
    event.preventDefault();
    rows[next % rows.length]?.focus();
  };

  private get rows(): readonly HTMLElement[] {
    return [...this.menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  }

  private choose(item: MenuItem): void {
    this.menu.hidePopover();
    item.act();
  }
}
