import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { homePanel, homePath, panelOf } from '#ui/panels/index.ts';
import type { Panel, PanelElement } from '#ui/panels/panel.ts';
import { FramePart } from '#ui/parts/frame-part.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { pageStyles } from '#ui/styles/page.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { firstFrame } from './first-frame.ts';
import type { Route } from './router.ts';

type Outlet =
  | { readonly type: 'loading' }
  | { readonly type: 'shown'; readonly element: PanelElement }
  | { readonly type: 'failed' }
  | { readonly type: 'unknown' };

/** Loads the panel of the route and shows it. The newest route wins over a slower load before it. */
@customElement('panel-outlet')
export class PanelOutlet extends FramePart {
  static override styles = [
    baseStyles,
    controlStyles,
    skeletonStyles,
    pageStyles,
    css`
      .loading {
        display: grid;
        gap: var(--space-4);
        max-inline-size: var(--measure);
        margin-inline: auto;
        /* A margin would reach out of the outlet, which would jump when the panel comes. */
        padding: var(--space-7) var(--space-5);
      }

      /* As in global.css: six seconds are long enough for a cold start on a slow phone. */
      .late {
        visibility: hidden;
        color: var(--ink-2);
        animation: reveal 0s 6s forwards;
      }

      @keyframes reveal {
        to {
          visibility: visible;
        }
      }
    `,
  ];

  @property({ attribute: false }) route!: Route;
  @state() private outlet: Outlet = { type: 'loading' };
  private panel: Panel | undefined;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('route')) return;
    // The empty path waits until the layout says where to go on.
    if (this.route.panel === '') {
      // Most often it says home, whose code comes meanwhile. Where that fails, `open` tries again and tells.
      void firstFrame.then(() => homePanel()?.load()).catch(() => {});
      return;
    }
    const panel = panelOf(this.route.panel);
    if (panel !== this.panel || !panel) void this.open(panel);
    else if (this.outlet.type === 'shown') this.outlet.element.route = this.route;
  }

  override render(): TemplateResult | HTMLElement {
    switch (this.outlet.type) {
      case 'shown':
        return this.outlet.element;
      case 'loading':
        return html`<div class="loading" aria-busy="true" aria-label="Loading">
          <span class="bone short"></span><span class="bone"></span><span class="bone long"></span>
          <p class="late">
            This takes longer than it should. Your work is safe on this device:
            <a href="/rescue.html">open the rescue page</a> to look at it and download it.
          </p>
        </div>`;
      case 'failed':
        return html`<div class="page">
          <h1>This part of Holdfast did not load</h1>
          <p>Your work is safe on this device. The network may be gone before this part was kept for offline use.</p>
          <button class="primary" @click=${() => this.open(this.panel)}>Try again</button>
        </div>`;
      case 'unknown':
        return html`<div class="page">
          <h1>There is nothing at this address</h1>
          <p><a class="button" href=${homePath}>Go to ${homePanel()?.label}</a></p>
        </div>`;
    }
  }

  private async open(panel: Panel | undefined): Promise<void> {
    this.panel = panel;
    if (!panel) {
      this.outlet = { type: 'unknown' };
      return;
    }
    this.outlet = { type: 'loading' };
    try {
      await firstFrame;
      await panel.load();
    } catch {
      if (this.panel === panel) this.outlet = { type: 'failed' };
      return;
    }
    await this.shell.opened;
    if (this.panel !== panel) return;
    const element = document.createElement(panel.element) as PanelElement;
    element.route = this.route;
    this.outlet = { type: 'shown', element };
  }
}
