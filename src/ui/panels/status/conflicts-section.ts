import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import './conflict-card.ts';
import { liveList } from './live-list.ts';
import { bones, problem } from './section-states.ts';
import { statusSectionStyles } from './section-styles.ts';
import type { StatusParts } from './status-view.ts';

/** Values that two devices wrote differently, and that only a person can choose between. */
@customElement('conflicts-section')
export class ConflictsSection extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    skeletonStyles,
    statusSectionStyles,
    css`
      ul {
        display: grid;
        gap: var(--space-4);
      }
    `,
  ];

  @property({ attribute: false }) parts!: StatusParts;
  private readonly list = liveList(
    this,
    () => this.parts?.app,
    () => this.parts.desk.openConflicts(),
    ['conflict'],
  );

  override render(): TemplateResult {
    return html`<h2>Conflicts to decide</h2>
      ${this.content()}`;
  }

  private content(): TemplateResult {
    const { state: list } = this.list;
    switch (list.type) {
      case 'loading':
        return bones('Loading the conflicts');
      case 'failed':
        return problem(list.error, () => this.list.reload());
      case 'ready':
        return list.value.length === 0
          ? html`<div class="empty">
              <p><strong>Nothing to decide.</strong></p>
              <p>Holdfast merges what two devices wrote. Where it must ask you, because you want it so in the <a href="/settings/sync">settings</a> or because a clock was wrong, the question stands here.</p>
            </div>`
          : html`
              <p class="hint">Two devices changed the same place. Nothing is lost: choose what stands, on whichever device you like. It can be undone.</p>
              <ul aria-label="Conflicts">${repeat(
                list.value,
                ({ id }) => id,
                (view) => html`<li><conflict-card .parts=${this.parts} .conflict=${view}></conflict-card></li>`,
              )}</ul>
            `;
    }
  }
}
