import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { EntitySession, EntityView } from '#app/app.ts';
import { type Conflict, otherSide, parseConflict, type Resolution, type Side, sideOfDevice } from '#app/status/conflict.ts';
import { textTogether } from '#app/status/text-together.ts';
import { equalJson, type Json } from '#core/json.ts';
import { liveEntities } from '#ui/controllers/live-entities.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import '#ui/parts/diff-view.ts';
import { kindName } from '#entities/kind-names.ts';
import { growing } from '#ui/parts/growing.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { fieldName, valueText } from '#ui/text/field-text.ts';
import { clockTime } from '#ui/text/time-text.ts';
import { entityPath, entityTitle } from './entity-name.ts';
import type { StatusParts } from './status-parts.ts';

/** One conflict: both sides with what differs, and the three ways to decide it. */
@customElement('conflict-card')
export class ConflictCard extends LitElement {
  static override styles = [
    sectionStyles,
    css`
      /* Neither side is the wrong one: both have the same colour. */
      diff-view {
        inline-size: 100%;
        --removed: var(--surface-selected);
        --added: var(--surface-selected);
      }

      textarea {
        inline-size: 100%;
        min-block-size: 14rem;
        font-family: var(--font-text);
        field-sizing: content;
        max-block-size: 60dvh;
      }
    `,
  ];

  @property({ attribute: false }) parts!: StatusParts;
  @property({ attribute: false }) conflict!: EntityView<'conflict'>;
  @state() private editing = false;
  @state() private working = false;
  @query('textarea') private field!: HTMLTextAreaElement | null;
  private parsed!: Conflict;
  /** The text under edit is kept with the conflict, like everything that is typed. */
  private draft: EntitySession<'conflict'> | undefined;
  private readonly clock = minuteClock(this);
  private readonly entities = liveEntities(
    this,
    () => this.parts?.app,
    () => (this.parsed ? [[this.parsed.entityKind, this.parsed.entityId]] : []),
  );

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('conflict')) this.parsed = parseConflict(this.conflict);
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('editing') && this.editing) this.field?.focus();
  }

  override disconnectedCallback(): void {
    void this.draft?.close();
    this.draft = undefined;
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { entityKind, entityId, field, at } = this.parsed;
    const entity = this.entities.get(entityKind, entityId);
    const title = entityTitle(entityKind, entity);
    const path = entityPath(entityKind, entityId, entity);
    return html`<article class="card" aria-labelledby="title">
      <div>
        <h3 id="title" dir="auto">${path ? html`<a href=${path}>${title}</a>` : title}</h3>
        <p class="small">${fieldName(field)} of this ${kindName(entityKind)}, ${clockTime(at, this.clock.now)}</p>
      </div>
      ${this.editing ? this.editor(this.draftText, title) : this.sides(entity, title)}
    </article>`;
  }

  private sides(entity: EntityView | null | undefined, title: string): TemplateResult {
    if (entity === undefined) return html`<p aria-busy="true">Reading…</p>`;
    if (!entity || entity.lifecycle === 'purged')
      return html`<p>It was deleted permanently meanwhile. What both wrote is below; there is nothing left to write it into.</p>
        ${this.columns(this.shown('mine', null), this.shown('theirs', null))}
        <div class="row"><button ?disabled=${this.working} aria-label="Put away: ${title}" @click=${() => this.putAway()}>Put away</button></div>`;
    const mine = this.mine;
    const [left, right] = [this.shown(mine, entity), this.shown(otherSide(mine), entity)];
    const present = entity.fields[this.parsed.field] ?? null;
    const moved = !equalJson(present, this.parsed.values.mine) && !equalJson(present, this.parsed.values.theirs);
    const isText = typeof left === 'string' && typeof right === 'string';
    return html`
      ${moved ? html`<p class="small">It was edited since; what is there now is shown.</p>` : nothing}
      ${this.columns(left, right)}
      <div class="row">
        <button class="primary" ?disabled=${this.working} aria-label="Keep mine: ${title}" @click=${() => this.decide(mine, left)}>Keep mine</button>
        <button class="primary" ?disabled=${this.working} aria-label="Keep theirs: ${title}" @click=${() => this.decide(otherSide(mine), right)}>Keep theirs</button>
        ${
          isText
            ? html`<button ?disabled=${this.working} aria-label="Edit together: ${title}" @click=${() => this.edit(left, right)}>Edit together</button>`
            : nothing
        }
      </div>
    `;
  }

  private columns(left: Json, right: Json): TemplateResult {
    const { mine, parsed, parts } = this;
    const name = (word: string, side: Side): string => `${word}, ${parts.names.of(parsed.devices[side])}`;
    return html`<diff-view .old=${valueText(left)} .present=${valueText(right)}
      .names=${[name('Mine', mine), name('Theirs', otherSide(mine))]}></diff-view>`;
  }

  private editor(text: string, title: string): TemplateResult {
    return html`
      <label class="field wide">Both texts together
        <textarea ${growing()} dir="auto" aria-describedby="how" .value=${text}
          @input=${(event: Event) => this.draft?.set({ draft: (event.target as HTMLTextAreaElement).value })}></textarea>
      </label>
      <p class="small" id="how">Where the two overlap, the lines of both follow each other, mine first.</p>
      <div class="row">
        <button class="primary" ?disabled=${this.working} aria-label="Save this text: ${title}" @click=${() => this.decide('edited', this.draftText)}>Save this text</button>
        <button @click=${() => {
          this.editing = false;
        }}>Back to both sides</button>
      </div>
    `;
  }

  /** What has been written so far, here or before a reload. */
  private get draftText(): string {
    return (this.draft && !this.draft.isUntouched ? this.draft : this.conflict).fields.draft;
  }

  private edit(left: string, right: string): void {
    this.draft ??= this.parts.app.open('conflict', this.parsed.id);
    if (this.draftText === '') this.draft.set({ draft: textTogether(this.parsed.base, left, right) });
    this.editing = true;
  }

  private get mine(): Side {
    return sideOfDevice(this.parsed, this.parts.app.deviceId);
  }

  /** A side's value. The side that the merge kept may have been edited since: then it is what is there now. */
  private shown(side: Side, entity: EntityView | null): Json {
    const { values, field } = this.parsed;
    const present = entity?.fields[field] ?? null;
    return side === 'theirs' || !entity || equalJson(present, values.theirs) ? values[side] : present;
  }

  private async decide(resolution: Resolution, value: Json): Promise<void> {
    const { shell, status } = this.parts;
    this.working = true;
    await this.draft?.flush();
    const result = await status.decide(this.parsed, resolution, value);
    this.working = false;
    if (!result.ok) {
      shell.notify(failureNotice('Not decided', result.error));
      return;
    }
    this.editing = false;
    shell.notify({ text: 'Conflict decided', undo: () => void result.value.undo() });
  }

  private async putAway(): Promise<void> {
    this.working = true;
    const result = await this.parts.app.patch('conflict', this.parsed.id, { resolution: 'mine' });
    this.working = false;
    if (!result.ok) this.parts.shell.notify(failureNotice('Not put away', result.error));
  }
}
