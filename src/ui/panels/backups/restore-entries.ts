import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type KeyPair, keyText } from '#core/entity-key.ts';
import type { PlannedEntity, RestoreWay } from '#core/restores.ts';
import { documentKind } from '#entities/documents.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import '#ui/parts/diff-view.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { fieldName } from '#ui/text/field-text.ts';
import { outcomeOf, waySelect } from './restore-ways.ts';

/** What a person has said of one entity. */
export interface EntityWay {
  readonly key: string;
  readonly way: RestoreWay | null;
}

/** What a restore would do with each entity: the changes, and what else could become of it. Sends `way` and `alone`. */
@customElement('restore-entries')
export class RestoreEntries extends AppPart {
  static override styles = [
    sectionStyles,
    formStyles,
    css`
      :host {
        inline-size: 100%;
      }

      ul {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
      }

      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
        padding-block-end: var(--space-3);
        border-block-end: 1px solid var(--line);
      }

      summary,
      p {
        overflow-wrap: anywhere;
      }

      h4 {
        margin-block: var(--space-2) var(--space-1);
      }

      select {
        max-inline-size: 100%;
      }
    `,
  ];

  @property({ attribute: false }) entities: readonly PlannedEntity[] = [];
  @property({ attribute: false }) ways: { readonly [key: string]: RestoreWay } = {};
  /** One is looked at alone already. */
  @property({ type: Boolean }) alone = false;

  override render(): TemplateResult {
    return html`<ul aria-label="Entries">${this.entities.map((entity) => this.row(entity))}</ul>`;
  }

  private row(entity: PlannedEntity): TemplateResult {
    const { kind, title } = entity;
    const key = keyText(entity);
    const isDocument = documentKind(kind) !== undefined;
    return html`<li>
      ${planned(entity)}
      <div class="row">
        ${waySelect(title, this.ways[key], (way) => this.send<EntityWay>('way', { key, way }))}
        ${isDocument && !this.alone ? html`<button @click=${() => this.send<KeyPair>('alone', [kind, entity.id])}>Restore this one alone</button>` : nothing}
      </div>
    </li>`;
  }

  private send<D>(name: string, detail: D): void {
    this.dispatchEvent(new CustomEvent<D>(name, { detail }));
  }
}

function planned(entity: PlannedEntity): TemplateResult {
  const { title, changes } = entity;
  const line = html`<strong dir="auto">${title}</strong> ${outcomeOf(entity)}`;
  if (changes.length === 0) return html`<p>${line}</p>`;
  return html`<details>
    <summary>${line}: ${changes.map(({ field }) => fieldName(field)).join(', ')}</summary>
    ${changes.map(
      ({ field, before, after }) => html`<h4>${fieldName(field)}</h4>
        <diff-view .old=${before} .present=${after} .names=${SIDES}></diff-view>`,
    )}
  </details>`;
}

const SIDES = ['Here now', 'After the restore'] as const;
