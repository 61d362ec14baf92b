import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { RestoreElsewhere } from '#core/restores.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { banner, bannerStyles } from '#ui/parts/banner.ts';
import { createDeviceNames, type DeviceNames } from '#ui/text/device-names.ts';
import { count, fullTime } from '#ui/text/time-text.ts';

/** Another device has restored a backup, and its changes are here: says so, and leads to the copy of how it was. */
@customElement('restore-banner')
export class RestoreBanner extends AppPart {
  static override styles = bannerStyles;

  private readonly restores = observe(this, () => this.app?.restoresElsewhere.list);
  private names: DeviceNames | undefined;

  override render(): TemplateResult | typeof nothing {
    const restore = this.restores.value?.[0];
    if (!restore) return nothing;
    this.names ??= createDeviceNames(this.app, () => this.requestUpdate());
    return banner(
      { icon: 'rotate-ccw', tone: 'calm', label: 'Restored elsewhere', role: 'status' },
      html`${elsewhereText(restore, this.names.of(restore.deviceId))} ${copyText(restore)}`,
      html`${restore.copy === null ? html`<a class="button" href="/backups">Backups</a>` : html`<a class="button primary" href="/backups/${restore.copy}">See the copy</a>`}
      <button class="quiet" @click=${() => this.app.restoresElsewhere.putAway(restore.id)}>Close</button>`,
    );
  }
}

/** *Laptop restored 1,204 entries from a backup of 12 Nov 2026, 14:05.* */
function elsewhereText({ madeAt, changed, undone }: RestoreElsewhere, device: string): string {
  const name = device.charAt(0).toLocaleUpperCase() + device.slice(1);
  const of = fullTime(madeAt);
  if (undone) return `${name} has taken back its restore from a backup of ${of}.`;
  if (changed === 0) return `${name} is restoring a backup of ${of}.`;
  return `${name} restored ${count(changed, 'entry', 'entries')} from a backup of ${of}.`;
}

const copyText = ({ copy, undone }: RestoreElsewhere): string => {
  if (copy === null)
    return 'No copy was made here before it; what was replaced is in the history of each entry, and earlier backups are kept.';
  return `A copy of how it was is kept here for 30 days.${undone ? '' : ' To undo the restore, go back to the copy, or press Undo under Backups on that device.'}`;
};
