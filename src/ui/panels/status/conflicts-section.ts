import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { EntityView } from '#app/app.ts';
import './conflict-card.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { listContent } from './section-states.ts';
import { statusSectionStyles } from './section-styles.ts';
import type { StatusParts } from './status-view.ts';

/** Values that two devices wrote differently, and that only a person can choose between. */
@customElement('conflicts-section')
export class ConflictsSection extends LitElement {
  static override styles = [
    ...statusSectionStyles,
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
      ${listContent(this.list, 'Loading the conflicts', (conflicts) => this.conflicts(conflicts))}`;
  }

  private conflicts(conflicts: readonly EntityView<'conflict'>[]): TemplateResult {
    return conflicts.length === 0
      ? html`<div class="empty">
              <p><strong>Nothing to decide.</strong></p>
              <p>Holdfast merges what two devices wrote. Where it must ask you, because you want it so in the <a href="/settings/sync">settings</a> or because a clock was wrong, the question stands here.</p>
            </div>`
      : html`
              <p class="hint">Two devices changed the same place. Nothing is lost: choose what stands, on whichever device you like. It can be undone.</p>
              <ul aria-label="Conflicts">${repeat(
                conflicts,
                ({ id }) => id,
                (view) => html`<li><conflict-card .parts=${this.parts} .conflict=${view}></conflict-card></li>`,
              )}</ul>
            `;
  }
}
