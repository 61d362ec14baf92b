import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EntitySession, EntityView } from '#app/app.ts';
import { type Conflict, isOfDevice, otherSide, sideOfDevice } from '#app/status/conflict.ts';
import type { Quarantined } from '#app/status/status-service.ts';
import { capitalize } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { kindName } from '#entities/kind-names.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { banner, bannerStyles } from '#ui/parts/banner.ts';
import { createDeviceNames, type DeviceNames } from '#ui/text/device-names.ts';
import { reasonText } from '#ui/text/quarantine-text.ts';
import { movedOf, restoreDocument } from './bin-moves.ts';
import { keepOwnSide } from './keep-own-side.ts';

/** Says why an open document is not like the others: of a newer app, in the bin, or written differently elsewhere. */
@customElement('document-banner')
export class DocumentBanner extends AppPart {
  static override styles = bannerStyles;

  @property({ attribute: false }) view: EntityView | null = null;
  @property({ attribute: false }) session!: EntitySession;
  /** Ids of the entities that it is made of, itself aside: the messages of a chat. */
  @property({ attribute: false, hasChanged: (ids, before) => String(ids) !== String(before) }) parts: readonly string[] = [];
  private readonly conflicts = observe(this, () => this.app?.conflicts);
  private readonly shown = observe(this, () => this.session?.sides?.shown);
  private readonly refused = liveList(
    this,
    () => this.app,
    () => this.readRefused(),
    ['conflict'],
  );
  private names: DeviceNames | undefined;

  override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (!view) return nothing;
    if (view.lifecycle === 'binned') {
      return banner(
        { icon: 'trash-2' },
        `This ${kindName(view.kind)} is in the bin.`,
        html`<button @click=${() => restoreDocument(this.app, this.shell, movedOf(view))}>Restore</button>`,
      );
    }
    const conflicts = this.conflicts.value ?? [];
    const own = conflicts.find(({ entityId }) => entityId === view.id);
    if (own) return this.undecided(own);
    const part = conflicts.find(({ entityId }) => this.parts.includes(entityId));
    if (part) return banner({ icon: 'git-compare' }, `${this.writers(part)} here. Both are kept until you decide.`, lookAtBoth);
    const { state } = this.refused;
    const refused = state.type === 'ready' && state.value.find(({ id }) => id === view.id || this.parts.includes(id));
    if (refused) {
      const { title, advice } = reasonText(refused.reason);
      return banner(
        { icon: 'shield-alert' },
        `Not on the server: ${title}. What you wrote is whole on this device. ${advice}`,
        html`<a class="button" href="/status/quarantine">What can be done</a>`,
      );
    }
    return view.readOnly
      ? banner(
          { icon: 'info' },
          `This ${kindName(view.kind)} was written by a newer Holdfast. You can read it here; update to edit it.`,
          html`<button @click=${() => this.app.reload()}>Reload to update</button>`,
        )
      : nothing;
  }

  /** Read only where the server has refused anything at all. */
  private async readRefused(): Promise<Result<readonly Quarantined[], StoreError>> {
    if (!this.app.summary.value?.quarantined) return ok([]);
    try {
      return await (await this.app.status()).quarantined();
    } catch {
      return err({ type: 'WorkerLost', reason: 'the code did not load' });
    }
  }

  private undecided(conflict: Conflict): TemplateResult {
    const { sides } = this.session;
    const isOther = this.shown.value === 'other';
    const isMine = isOfDevice(conflict, this.app.deviceId);
    const both = 'Both are kept until you decide.';
    const text = isMine
      ? isOther
        ? `This is what ${this.nameOf(conflict, true)} wrote. Yours is kept.`
        : `${this.writers(conflict)} here. You see what you wrote. ${both}`
      : `${this.writers(conflict)} here. ${both}`;
    return banner(
      { icon: 'git-compare' },
      text,
      html`${
        isMine && sides
          ? html`<button @click=${() => sides.show(isOther ? 'own' : 'other')}>${isOther ? 'Show mine' : 'Show theirs'}</button>
              <button @click=${() => keepOwnSide(this.app, this.shell, this.session)}>Keep mine</button>`
          : nothing
      }${lookAtBoth}`,
    );
  }

  /** Who has written something else: the other device, or two of them. */
  private writers(conflict: Conflict): string {
    const { names } = this;
    const theirs = this.nameOf(conflict, true);
    if (isOfDevice(conflict, this.app.deviceId)) return `${capitalize(theirs)} wrote something else`;
    const mine = this.nameOf(conflict, false);
    return names && mine !== theirs
      ? `${capitalize(mine)} and ${theirs} wrote different things`
      : 'Two devices wrote different things';
  }

  private nameOf(conflict: Conflict, isOther: boolean): string {
    this.names ??= createDeviceNames(this.app, () => this.requestUpdate());
    const own = sideOfDevice(conflict, this.app.deviceId);
    return this.names.of(conflict.devices[isOther ? otherSide(own) : own]);
  }
}

const lookAtBoth = html`<a class="button" href="/status/conflicts">Look at both</a>`;
