import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EntityView } from '#app/app.ts';
import type { StoreError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { kindName } from '#entities/kind-names.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { banner, bannerStyles } from '#ui/parts/banner.ts';
import { PanelPart } from '#ui/parts/panel-part.ts';
import { movedOf, restoreDocument } from './bin-moves.ts';

/** Says why an open document is not like the others: of a newer app, in the bin, or written differently elsewhere. */
@customElement('document-banner')
export class DocumentBanner extends PanelPart {
  static override styles = bannerStyles;

  @property({ attribute: false }) view: EntityView | null = null;
  /** Ids of the entities that it is made of, itself aside: the messages of a chat. */
  @property({ attribute: false, hasChanged: (ids, before) => String(ids) !== String(before) }) parts: readonly string[] = [];
  private readonly conflicts = liveList(
    this,
    () => this.app,
    () => this.readConflicts(),
    ['conflict'],
  );

  override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (!view) return nothing;
    if (view.readOnly) {
      return banner(
        { icon: 'info' },
        `This ${kindName(view.kind)} was written by a newer Holdfast. You can read it here; update to edit it.`,
        html`<button @click=${() => this.app.reload()}>Reload to update</button>`,
      );
    }
    if (view.lifecycle === 'binned') {
      return banner(
        { icon: 'trash-2' },
        `This ${kindName(view.kind)} is in the bin.`,
        html`<button @click=${() => restoreDocument(this.app, this.shell, movedOf(view))}>Restore</button>`,
      );
    }
    return this.isDisputed(view) ? disputed : nothing;
  }

  private isDisputed({ id }: EntityView): boolean {
    const { state } = this.conflicts;
    if (state.type !== 'ready') return false;
    return state.value.some(({ fields: { entityId } }) => entityId === id || this.parts.includes(entityId));
  }

  /** The list is read only where there is something to decide at all. */
  private async readConflicts(): Promise<Result<readonly EntityView<'conflict'>[], StoreError>> {
    if (!this.app.summary.value?.openConflicts) return ok([]);
    try {
      return await (await this.app.status()).openConflicts();
    } catch {
      return err({ type: 'WorkerLost', reason: 'the code did not load' });
    }
  }
}

const disputed = banner(
  { icon: 'git-compare' },
  'Another device wrote something else here. This is your side; both are kept until you decide.',
  html`<a class="button" href="/status/conflicts">Look at both</a>`,
);
