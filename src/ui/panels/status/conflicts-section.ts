import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { EntityView } from '#app/app.ts';
import './conflict-card.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { emptyState } from '#ui/parts/messages.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import type { StatusParts } from './status-parts.ts';

/** Values that two devices wrote differently, and that only a person can choose between. */
@customElement('conflicts-section')
export class ConflictsSection extends LitElement {
  static override styles = sectionStyles;

  @property({ attribute: false }) parts!: StatusParts;
  private readonly list = liveList(
    this,
    () => this.parts?.app,
    () => this.parts.status.openConflicts(),
    ['conflict'],
  );

  override render(): TemplateResult {
    return html`<h2>Conflicts to decide</h2>
      ${loadContent(this.list, 'Loading the conflicts', (conflicts) => this.conflicts(conflicts))}`;
  }

  private conflicts(conflicts: readonly EntityView<'conflict'>[]): TemplateResult {
    return conflicts.length === 0
      ? emptyState(
          'Nothing to decide.',
          html`Holdfast merges what two devices wrote. Where it must ask you, because you want it so in the <a href="/settings/sync">settings</a> or because a clock was wrong, the question is here.`,
        )
      : html`
              <p class="hint">Two devices changed the same place. Nothing is lost: choose what to keep, on whichever device you like. It can be undone.</p>
              <ul class="stack" aria-label="Conflicts">${repeat(
                conflicts,
                ({ id }) => id,
                (view) => html`<li><conflict-card .parts=${this.parts} .conflict=${view}></conflict-card></li>`,
              )}</ul>
            `;
  }
}
