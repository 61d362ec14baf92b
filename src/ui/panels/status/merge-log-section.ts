import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { EntityView, ListAnswer } from '#app/app.ts';
import { type MergeEntry, parseMergeEntry, shownOutcomes, undoOutcome } from '#app/status/merge-entry.ts';
import type { MergeOutcome } from '#core/merge/merge.ts';
import { ledger } from '#entities/index.ts';
import { liveEntities } from '#ui/controllers/live-entities.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import '#ui/parts/diff-view.ts';
import { kindName } from '#entities/kind-names.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { emptyState } from '#ui/parts/messages.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { fieldName, valueText } from '#ui/text/field-text.ts';
import { clockTime, fullTime } from '#ui/text/time-text.ts';
import { entityPath, entityTitle } from './entity-name.ts';
import type { StatusParts } from './status-parts.ts';

const PAGE = 20;

/** What was merged, newest first, with what lost, and the way back. */
@customElement('merge-log-section')
export class MergeLogSection extends LitElement {
  static override styles = [
    sectionStyles,
    css`
      .outcome {
        display: grid;
        gap: var(--space-2);
      }

      .outcome .row {
        justify-content: space-between;
      }
    `,
  ];

  @property({ attribute: false }) parts!: StatusParts;
  @state() private limit = PAGE;
  private readonly clock = minuteClock(this);
  private readonly list = liveList(
    this,
    () => this.parts?.app,
    () => this.parts.app.list({ kind: 'merge-log', limit: this.limit }),
    ['merge-log'],
  );
  private readonly entities = liveEntities(
    this,
    () => this.parts?.app,
    () => {
      const { state } = this.list;
      const entries = state.type === 'ready' ? state.value.items.map(parseMergeEntry) : [];
      return entries.map(({ entityKind, entityId }) => [entityKind, entityId] as const);
    },
  );

  override render(): TemplateResult {
    return html`<h2>Merge log</h2>
      ${loadContent(this.list, 'Loading the merge log', (merges) => this.merges(merges))}`;
  }

  private merges({ items, next }: ListAnswer<'merge-log'>): TemplateResult {
    const entries = items.map(parseMergeEntry).filter((entry) => shownOutcomes(entry).length > 0);
    if (entries.length === 0 && next === null)
      return emptyState(
        'Nothing has been merged.',
        'When two devices change the same thing, Holdfast brings the two together and writes down here what it did.',
      );
    return html`
          <p class="hint">What two devices or tabs wrote at the same time, and what became of it. Undo puts back what lost, as an ordinary edit.</p>
          <ul class="stack" aria-label="Merges">${repeat(
            entries,
            ({ id }) => id,
            (entry) => html`<li class="card">${this.entry(entry)}</li>`,
          )}</ul>
          ${next === null ? nothing : html`<div class="row"><button @click=${this.more}>Show more</button></div>`}
        `;
  }

  private entry(entry: MergeEntry): TemplateResult {
    const { entityKind, entityId, at, device, theirsDevice } = entry;
    const entity = this.entities.get(entityKind, entityId);
    const title = entityTitle(entityKind, entity);
    const path = entityPath(entityKind, entityId, entity);
    const { names } = this.parts;
    const where =
      device === theirsDevice ? `two tabs of ${names.of(device)}` : `${names.of(device)} and ${names.of(theirsDevice)}`;
    return html`
      <div>
        <h3 dir="auto">${path ? html`<a href=${path}>${title}</a>` : title}</h3>
        <p class="small">${kindName(entityKind)}, merged <time datetime=${new Date(at).toISOString()} title=${fullTime(at)}>${clockTime(at, this.clock.now)}</time>, from ${where}</p>
      </div>
      ${shownOutcomes(entry).map((outcome) => this.outcome(entry, outcome, entity, title))}
    `;
  }

  private outcome(
    entry: MergeEntry,
    outcome: MergeOutcome,
    entity: EntityView | null | undefined,
    title: string,
  ): TemplateResult {
    const name = fieldName(outcome.field);
    if (outcome.type === 'both') return html`<p><strong>${name}</strong>: both changes are in it; nothing was lost.</p>`;
    return html`<div class="outcome">
      <div class="row"><h4>${name}</h4>${this.undoButton(entry, outcome, entity, `${name} of ${title}`)}</div>
      ${
        outcome.field === 'binnedAt'
          ? html`<p>One side had thrown it away, the other one had edited it: the edit won.</p>`
          : html`<diff-view .old=${valueText(outcome.lost)} .present=${valueText(outcome.kept)} .names=${['Lost', 'Kept']}></diff-view>`
      }
    </div>`;
  }

  private undoButton(
    entry: MergeEntry,
    outcome: MergeOutcome,
    entity: EntityView | null | undefined,
    what: string,
  ): TemplateResult | typeof nothing {
    if (!entity || entity.lifecycle === 'purged' || entity.readOnly) return nothing;
    const rule = ledger.get(entry.entityKind)?.fields[outcome.field]?.rule ?? 'value';
    if (undoOutcome(outcome, entity, rule).type === 'done') return html`<span class="small">Stands there again</span>`;
    return html`<button aria-label="Undo: ${what}" @click=${() => this.undo(entry, outcome, what)}>${icon('undo-2')}Undo</button>`;
  }

  private async undo(entry: MergeEntry, outcome: MergeOutcome, what: string): Promise<void> {
    const { shell, status } = this.parts;
    const result = await status.undoMerge(entry, outcome);
    if (!result.ok) shell.notify(failureNotice('Not undone', result.error));
    else if (result.value) {
      const { undo } = result.value;
      shell.notify({ text: `Put back: ${what}`, undo: () => void undo() });
    } else shell.notify({ text: `The ${what} is there already` });
  }

  private readonly more = (): void => {
    this.limit += PAGE;
    void this.list.reload();
  };
}
