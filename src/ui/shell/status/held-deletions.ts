import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { DeletionAnswer, HeldDeletion } from '#app/app.ts';
import type { StoreError } from '#core/errors.ts';
import type { DeviceId } from '#core/ids.ts';
import { ledger } from '#entities/index.ts';
import type { LoadState } from '#ui/controllers/loaded.ts';
import { restoreFromBin } from '#ui/documents/bin-moves.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { errorProblem, nameItems } from '#ui/parts/messages.ts';
import { dialogListStyles, dialogStyles } from '#ui/styles/dialog.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { createDeviceNames, type DeviceNames } from '#ui/text/device-names.ts';
import { count, fullTime } from '#ui/text/time-text.ts';

type Held = LoadState<ReadonlyMap<string, readonly HeldDeletion[]>, StoreError>;

/** Names shown of one device; the rest is counted. */
const NAMED = 200;

/**
 * What was deleted in bulk, by device: what, by whom, since when, and the choice to let it happen everywhere, or to bring it
 * back. Works without a network. Fires `close`.
 */
@customElement('held-deletions')
export class HeldDeletions extends AppPart {
  static override styles = [
    sectionStyles,
    dialogStyles,
    dialogListStyles,
    css`
      :host {
        display: block;
      }

      section {
        display: grid;
        gap: var(--space-3);
      }

      h3 {
        font-size: var(--text-m);
      }

      ul {
        max-block-size: 35vh;
      }
    `,
  ];

  @state() private held: Held = { type: 'loading' };
  @state() private working = false;
  /** What the person has let happen while this is open: it can be taken back. */
  @state() private deleted: readonly HeldDeletion[] = [];
  @query('dialog') private dialog!: HTMLDialogElement;
  private names: DeviceNames | undefined;

  override firstUpdated(): void {
    this.dialog.showModal();
    void this.load();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" closedby="any" @close=${() => this.dispatchEvent(new CustomEvent('close'))}>
      <div class="stack">
        <h2 id="title">A lot was deleted at once</h2>
        ${this.content()}
      </div>
    </dialog>`;
  }

  private content(): TemplateResult {
    const { held } = this;
    switch (held.type) {
      case 'loading':
        return html`<p aria-busy="true">Reading the list…</p>`;
      case 'failed':
        return html`${errorProblem(held.error)}
          <div class="actions"><button @click=${() => this.dialog.close()}>Close</button></div>`;
      case 'ready':
        return html`
          ${this.undoLine()}
          ${held.value.size > 0 ? this.questions(held.value) : nothing}
          <div class="actions">
            <button @click=${() => this.dialog.close()}>${held.value.size > 0 ? 'Decide later' : 'Close'}</button>
          </div>
        `;
    }
  }

  private undoLine(): TemplateResult | typeof nothing {
    if (this.deleted.length === 0) return nothing;
    return html`<p role="status">
      ${count(this.deleted.length, 'entry is', 'entries are')} deleted.
      <button ?disabled=${this.working} @click=${this.undo}>Undo</button>
    </p>`;
  }

  private questions(byDevice: ReadonlyMap<string, readonly HeldDeletion[]>): TemplateResult {
    return html`<p>
            Until you answer, it goes no further. What you delete leaves its contents in the history of this device for a while. What you
            keep is there again on all your devices.
          </p>
          ${[...byDevice].map(([deviceId, deletions]) => this.section(deviceId, deletions))}`;
  }

  private section(deviceId: DeviceId, deletions: readonly HeldDeletion[]): TemplateResult {
    const since = Math.min(...deletions.map(({ at }) => at));
    const amount = count(deletions.length, 'entry', 'entries');
    const device = this.nameOf(deviceId);
    const isOwn = deviceId === this.app.deviceId;
    return html`<section aria-label="Deleted on ${device}">
      <h3>${amount}, deleted on ${device}</h3>
      <p>
        ${isOwn ? 'Not sent to your other devices yet.' : 'Still here.'} Waiting since
        <time datetime=${new Date(since).toISOString()}>${fullTime(since)}</time>.
      </p>
      <ul aria-label=${amount} tabindex="0">
        ${nameItems(
          deletions.map(({ entity }) => ledger.get(entity.kind)?.title(entity.fields) ?? entity.kind),
          NAMED,
        )}
      </ul>
      <div class="actions">
        <button class="danger" ?disabled=${this.working} @click=${() => this.decide('delete', deletions)}>${isOwn ? 'Delete everywhere' : 'Delete here, too'}</button>
        <button class="primary" ?disabled=${this.working} @click=${() => this.decide('keep', deletions)}>Keep everything</button>
      </div>
    </section>`;
  }

  private nameOf(deviceId: DeviceId): string {
    this.names ??= createDeviceNames(this.app, () => this.requestUpdate());
    return this.names.of(deviceId);
  }

  private async load(): Promise<void> {
    const result = await this.app.heldDeletions();
    this.held = result.ok
      ? { type: 'ready', value: Map.groupBy(result.value, ({ deviceId }) => deviceId) }
      : { type: 'failed', error: result.error };
  }

  private async decide(answer: DeletionAnswer, deletions: readonly HeldDeletion[]): Promise<void> {
    this.working = true;
    const shown = deletions.map(({ entity, version }) => ({ kind: entity.kind, id: entity.id, version }));
    const result = await this.app.decideDeletions(answer, shown);
    this.working = false;
    if (!result.ok) {
      this.held = { type: 'failed', error: result.error };
      return;
    }
    if (answer === 'delete') this.deleted = [...this.deleted, ...deletions];
    await this.load();
    if (this.held.type === 'ready' && this.held.value.size === 0 && this.deleted.length === 0) this.dialog.close();
  }

  /** Brings back what was just deleted, with what the history has of it: an ordinary edit, which the other devices get, too. */
  private readonly undo = async (): Promise<void> => {
    this.working = true;
    for (const one of this.deleted) {
      const { kind, id } = one.entity;
      const restored = await restoreFromBin(this.app, kind, id);
      if (!restored.ok) {
        this.held = { type: 'failed', error: restored.error };
        break;
      }
      this.deleted = this.deleted.filter((other) => other !== one);
    }
    this.working = false;
    if (this.held.type === 'ready' && this.held.value.size === 0) this.dialog.close();
  };
}
